/** `tamga demo --check`: plays the story on a network of its own and judges every line of it. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { lockDirectory } from './instance-lock.ts'
import { type Line, playScene, type Scene, type Theme } from './scene.ts'
import { type Stage, setStage } from './stage.ts'
import { STORY } from './story.ts'
import { tableHead, tableLine, themeHead } from './table.ts'

export interface CheckOptions {
  /** A temporary one, removed afterwards, when absent. */
  readonly directory: string | undefined
  /** Only scenes whose theme or title has this text. */
  readonly only: string | undefined
  /** Told of each line of the table as soon as its theme is over. */
  readonly print: (text: string) => void
  /** Ends the story where it is, in order. */
  readonly signal: AbortSignal
}

export interface Verdict {
  readonly ok: boolean
  readonly seconds: number
  readonly lines: readonly Line[]
}

/** Scenes at once: as many as two cores can play without making a clock of one second ring late. */
const TOGETHER = 8

export async function checkStory({ directory, only, print, signal }: CheckOptions): Promise<Verdict> {
  const startedAt = performance.now()
  const place = directory === undefined ? mkdtempSync(join(tmpdir(), 'tamga-demo-')) : empty(directory)
  const lock = lockDirectory(place)
  const lines: Line[] = []
  try {
    const stage = await setStage(place)
    try {
      print(tableHead())
      for await (const [theme, played] of perform(chosen(STORY, only), stage, signal)) {
        print([themeHead(theme), ...played.map(tableLine)].join('\n'))
        lines.push(...played)
      }
    } finally {
      await stage.close()
    }
  } finally {
    lock.release()
    if (directory === undefined) rmSync(place, { recursive: true, force: true })
  }
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10
  return { ok: lines.length > 0 && lines.every(({ ok }) => ok), seconds, lines }
}

/** The story begins with VASPs that have never heard of each other. */
function empty(directory: string): string {
  if (existsSync(directory) && readdirSync(directory).length > 0)
    throw new Error(
      `${directory} is not empty; the story needs a new directory, or none: then it takes a temporary one`,
    )
  return directory
}

function chosen(story: readonly Theme[], only: string | undefined): readonly Theme[] {
  if (only === undefined) return story
  const has = (text: string) => text.toLowerCase().includes(only.toLowerCase())
  return story
    .map((theme) => ({
      ...theme,
      scenes: theme.scenes.filter(({ title }) => has(theme.title) || has(title)),
    }))
    .filter(({ scenes }) => scenes.length > 0)
}

/** Themes in the order of the script, each as soon as it is over. Throws once `signal` aborts. */
async function* perform(
  themes: readonly Theme[],
  stage: Stage,
  signal: AbortSignal,
): AsyncGenerator<readonly [theme: string, lines: readonly Line[]]> {
  const interrupted = aborted(signal)
  const limited = atOnce(TOGETHER)
  const play = (title: string, scene: Scene) => playScene(title, scene, stage)
  const playing = themes
    .filter(({ oneByOne = false }) => !oneByOne)
    .map(({ title, scenes }) => ({
      title,
      lines: Promise.all(scenes.map((one) => limited(() => play(title, one)))),
    }))
  for (const { title, lines } of playing) yield [title, await Promise.race([lines, interrupted])]
  for (const { title, scenes } of themes.filter(({ oneByOne = false }) => oneByOne)) {
    const lines: Line[] = []
    for (const one of scenes) lines.push(await Promise.race([play(title, one), interrupted]))
    yield [title, lines]
  }
}

/** Rejects once `signal` aborts, whatever the scenes are doing. */
function aborted(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  const interrupt = () => reject(new Error('the story was interrupted'))
  if (signal.aborted) interrupt()
  else signal.addEventListener('abort', interrupt, { once: true })
  // It may come when nothing waits for it.
  promise.catch(() => undefined)
  return promise
}

function atOnce(max: number) {
  let free = max
  const waiting: (() => void)[] = []
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (free > 0) free--
    else await new Promise<void>((resolve) => void waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) free++
      else next()
    }
  }
}
