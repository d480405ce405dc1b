/**
 * Virtual time and the one queue of everything that waits. Nothing happens at the same moment: the queue decides who goes on next, by
 * time and then by chance, and all that follows from it without waiting is done before anything else. So a seed is a whole history.
 */
import { createHash } from 'node:crypto'
import type { Random } from '../../src/chaos/random.ts'

/** What belongs to a process: once it has died, what it waited for never comes. */
export interface Life {
  readonly name: string
  readonly dead: boolean
}

export interface Scheduler {
  now(): number
  /** Waits for `milliseconds` of virtual time; for ever once `life` is over. `label` is for the trace. */
  wait(life: Life, label: string, milliseconds: number): Promise<void>
  /** Runs `work` later, unless `life` is over by then. */
  later(life: Life, label: string, milliseconds: number, work: () => void): void
  note(who: string, what: string): void
  /** Lets everything happen up to `until`. */
  run(until: number): Promise<void>
  /** When the next thing happens; undefined when nothing waits. */
  next(): number | undefined
  readonly steps: number
  /** Of everything that happened, in order. */
  hash(): string
  readonly trace: readonly string[]
}

interface Entry {
  readonly at: number
  /** Ties are broken by chance, not by the order of asking. */
  readonly lot: number
  readonly life: Life
  readonly label: string
  readonly work: () => void
}

export function scheduler(random: Random, start: number, keepTrace: boolean): Scheduler {
  const queue = heap()
  const hash = createHash('sha256')
  const trace: string[] = []
  let now = start
  let steps = 0

  function note(who: string, what: string): void {
    const line = `${((now - start) / 1000).toFixed(3).padStart(10)} ${who.padEnd(10)} ${what}`
    hash.update(line)
    if (keepTrace) trace.push(line)
  }

  function later(life: Life, label: string, milliseconds: number, work: () => void): void {
    queue.push({ at: now + milliseconds, lot: random.next(), life, label, work })
  }

  return {
    now: () => now,
    later,
    note,
    wait: (life, label, milliseconds) =>
      new Promise((resolve) => later(life, label, milliseconds, () => resolve())),
    async run(until) {
      // What was begun before goes as far as it can.
      await settled()
      for (let next = queue.peek(); next !== undefined && next.at <= until; next = queue.peek()) {
        queue.pop()
        if (next.life.dead) continue
        now = Math.max(now, next.at)
        steps++
        note(next.life.name, next.label)
        next.work()
        await settled()
      }
      now = until
    },
    next: () => queue.peek()?.at,
    get steps() {
      return steps
    },
    hash: () => hash.copy().digest('hex').slice(0, 16),
    trace,
  }
}

/** All promises that can go on have gone on: Node empties its queue of them before the next tick. */
function settled(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve))
}

/** A binary heap, earliest first. */
function heap() {
  const items: Entry[] = []
  const before = (one: Entry, other: Entry) =>
    one.at < other.at || (one.at === other.at && one.lot < other.lot)
  const swapIfBefore = (child: number, parent: number): boolean => {
    const [a, b] = [items[child], items[parent]]
    if (a === undefined || b === undefined || !before(a, b)) return false
    items[child] = b
    items[parent] = a
    return true
  }
  return {
    peek: () => items[0],
    push(entry: Entry) {
      items.push(entry)
      for (let at = items.length - 1; at > 0; ) {
        const parent = (at - 1) >> 1
        if (!swapIfBefore(at, parent)) break
        at = parent
      }
    },
    pop() {
      const last = items.pop()
      if (last === undefined || items.length === 0) return
      items[0] = last
      for (let at = 0; ; ) {
        const [left, right] = [items[2 * at + 1], items[2 * at + 2]]
        if (left === undefined) break
        const child = right !== undefined && before(right, left) ? 2 * at + 2 : 2 * at + 1
        if (!swapIfBefore(child, at)) break
        at = child
      }
    },
  }
}
