/** A scene of the story: what is tried, what has to come of it, and how to try it. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Stage } from './stage.ts'

type Value = string | number | boolean

/** What is looked at, and what it came to. */
export type Outcome = { readonly [what: string]: Value }

/** `S` is where it plays. */
export interface Scene<S = Stage> {
  readonly title: string
  readonly expect: Outcome
  readonly play: (stage: S) => Promise<Outcome>
}

/** Scenes on one theme: played together, unless they take away what the others stand on. */
export interface Theme {
  readonly title: string
  readonly scenes: readonly Scene[]
  readonly oneByOne?: boolean
}

/** Ties what a scene reports to what it expects: the same things, each read from the system while it plays. */
export function scene<const E extends Outcome>(parts: {
  readonly title: string
  readonly expect: E
  play(stage: Stage, expect: E): Promise<{ readonly [What in keyof E]: Value }>
}): Scene {
  return { ...parts, play: (stage) => parts.play(stage, parts.expect) }
}

export interface Line {
  readonly theme: string
  readonly title: string
  readonly expected: Outcome
  readonly happened: Outcome
  readonly ok: boolean
  readonly milliseconds: number
}

const SCENE_SECONDS_MAX = 30

/** Plays a scene. Whatever goes wrong is what happened: one scene never stops the others. */
export async function playScene<S>(
  theme: string,
  { title, expect, play }: Scene<S>,
  stage: S,
): Promise<Line> {
  const startedAt = performance.now()
  const happened = await Promise.race([outcomeOf(() => play(stage)), tooLong()])
  const milliseconds = Math.round(performance.now() - startedAt)
  return { theme, title, expected: expect, happened, ok: isSame(expect, happened), milliseconds }
}

async function outcomeOf(play: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await play()
  } catch (error) {
    return { failed: error instanceof Error ? `${error.name}: ${error.message}` : String(error) }
  }
}

async function tooLong(): Promise<Outcome> {
  await sleep(SCENE_SECONDS_MAX * 1000, undefined, { ref: false })
  return { failed: `not done after ${SCENE_SECONDS_MAX} s` }
}

function isSame(expected: Outcome, happened: Outcome): boolean {
  const names = Object.keys(expected)
  return (
    names.length === Object.keys(happened).length && names.every((name) => expected[name] === happened[name])
  )
}
