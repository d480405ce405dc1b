/**
 * Passwords that nobody may choose: those of 12 characters and more among the million most used of ten million breached ones. The file has
 * the first six bytes of the SHA-256 of each, sorted; docs/decisions/passwords.md says where they come from and how it is made again.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CommonPasswords } from '../app/ports.ts'

/** Of 44,000 entries one in 6·10⁹ other passwords is taken for. */
const PREFIX_BYTES = 6
export const COMMON_PASSWORDS_FILE = join(import.meta.dirname, 'common-passwords.bin')

export function commonPasswords(): CommonPasswords {
  const prefixes = readFileSync(COMMON_PASSWORDS_FILE)
  return { has: (password) => isIn(prefixes, prefixOf(password)) }
}

/** Case says nothing: whoever guesses tries both. */
function prefixOf(password: string): Buffer {
  const plain = password.normalize('NFKC').toLowerCase()
  return createHash('sha256').update(plain).digest().subarray(0, PREFIX_BYTES)
}

function isIn(prefixes: Buffer, wanted: Buffer): boolean {
  let [from, to] = [0, prefixes.length / PREFIX_BYTES]
  while (from < to) {
    const middle = (from + to) >> 1
    const order = prefixes.compare(
      wanted,
      0,
      PREFIX_BYTES,
      middle * PREFIX_BYTES,
      (middle + 1) * PREFIX_BYTES,
    )
    if (order === 0) return true
    if (order < 0) from = middle + 1
    else to = middle
  }
  return false
}

/** The file for a list of passwords. */
export function prefixesOf(passwords: Iterable<string>): Buffer {
  const unique = new Map([...passwords].map((one) => [prefixOf(one).toString('hex'), prefixOf(one)]))
  return Buffer.concat([...unique.values()].toSorted((a, b) => a.compare(b)))
}
