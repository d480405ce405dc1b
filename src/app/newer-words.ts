/** What a newer replica writes and this one does not know: counted each time that it is read, and logged once. */
import type { Log } from './parts.ts'
import type { Meter, NewerWord } from './ports.ts'

/** A fault that makes up words must not fill the memory. */
const TOLD_MAX = 100

export function newerWords(log: Log, meter: Meter): NewerWord {
  const told = new Set<string>()
  return (kind, word) => {
    meter.newerWord(kind)
    const one = `${kind} ${word}`
    if (told.has(one) || told.size >= TOLD_MAX) return
    told.add(one)
    log.warn('a newer replica writes what this one does not know; finish the upgrade', { kind, word })
  }
}
