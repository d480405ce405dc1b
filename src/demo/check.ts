/** `tamga demo --check`: plays the story on a network of its own and judges every line of it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { lockDirectory } from './instance-lock.ts'
import { type Line, playScene, type Theme } from './scene.ts'
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
  const place = directory ?? mkdtempSync(join(tmpdir(), 'tamga-demo-'))
  const lock = lockDirectory(place)
  const lines: Line[] = []
  try {
    const stage = await setStage(place)
    try {
      print(tableHead())
      const themes = chosen(STORY, only)
      const performance_ = [...together(themes, stage), ...oneByOne(themes, stage)]
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

/** Throws once `signal` aborts, whatever the scenes are doing. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = () => reject(new Error('the story was interrupted'))
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
  })
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

/** The lines in the order of the script, whoever was done first. */
async function playTheme({ title, scenes, oneByOne = false }: Theme, stage: Stage): Promise<readonly Line[]> {
  const lines: Line[] = []
  const waiting = scenes.entries()
  const perform = async () => {
    for (const [index, scene] of waiting) lines[index] = await playScene(title, scene, stage)
  }
  await Promise.all(Array.from({ length: oneByOne ? 1 : TOGETHER }, perform))
  return lines
}
