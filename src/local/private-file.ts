/** Files that only their owner may read. */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

export function writePrivate(file: string, text: string): void {
  writeFileSync(file, text, { mode: 0o600 })
}

/** A password that stays the same from start to start. */
export function secret(file: string): string {
  if (!existsSync(file)) writePrivate(file, randomBytes(24).toString('base64url'))
  return readFileSync(file, 'utf8')
}
