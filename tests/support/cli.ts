/** Commands run as a shell runs them, but in this process: what they print and how they end. */
import type { z } from 'zod'
import type { Command } from '../../src/cli/command.ts'

export interface Ran {
  readonly exit: number
  readonly out: readonly string[]
  readonly err: readonly string[]
  /** The one JSON document that was printed. */
  json(): Record<string, unknown>
  /** The same, of a known shape. */
  answer<T>(shape: z.ZodType<T>): T
}

/** What main.ts turns into exit 2 is thrown. */
export async function run(
  command: Command,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Ran> {
  const out: string[] = []
  const err: string[] = []
  const exit = await command.run(args, {
    env,
    out: (line) => void out.push(line),
    err: (line) => void err.push(line),
  })
  const json = () => JSON.parse(out.join('\n'))
  return { exit, out, err, json, answer: (shape) => shape.parse(json()) }
}
