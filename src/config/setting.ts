/** What the settings of every topic are made of. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'

export const path = z.string().min(1).max(4_096)
export const listen = z.string().regex(/^[^\s:]+:\d{1,5}$/, 'host:port, as in 127.0.0.1:7100')

/** Throws an Error naming the setting when the file cannot be read or is empty. */
export function readSecret(name: string, file: string): string {
  let text: string
  try {
    text = readFileSync(file, 'utf8').trim()
  } catch (error) {
    throw new Error(`${name}: cannot read ${file}`, { cause: error })
  }
  if (text === '') throw new Error(`${name}: ${file} is empty`)
  return text
}
