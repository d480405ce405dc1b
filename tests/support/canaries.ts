/** Strings that occur nowhere else, and the search for them in raw bytes, in every form in which something might have written them. */
import { randomInt } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const LATIN = 'bcdfghjkmnpqrstvwxz'
const CYRILLIC = 'бвгджзклмнпрстфхцш'

function letters(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('')
}

/** Fourteen letters: fits the shortest field of IVMS101, and no chance finds them elsewhere. */
export function canary(): string {
  return `Q${letters(LATIN, 13)}`
}

export function cyrillicCanary(): string {
  return `Щ${letters(CYRILLIC, 13)}`
}

/** An account of an EVM chain (CAIP-10). */
export function canaryAddress(): string {
  return `eip155:1:0x${letters('0123456789abcdef', 40)}`
}

/** As UTF-8 and UTF-16, in base64 at its three alignments, in hexadecimal, percent-encoded and JSON-escaped; in any case of letters. */
function formsOf(text: string): ReadonlyMap<string, Buffer> {
  const forms = new Map<string, Buffer>()
  for (const [spelling, written] of Object.entries({
    '': text,
    'lower ': text.toLowerCase(),
    'upper ': text.toUpperCase(),
  })) {
    const bytes = Buffer.from(written)
    const wide = Buffer.from(written, 'utf16le')
    const hex = bytes.toString('hex')
    const add = (form: string, found: Buffer | string) => forms.set(spelling + form, Buffer.from(found))
    add('utf-8', bytes)
    add('utf-16le', wide)
    add('utf-16be', Buffer.from(wide).swap16())
    add('hex', hex)
    add('HEX', hex.toUpperCase())
    add('percent', hex.replaceAll(/../g, '%$&'))
    add('PERCENT', hex.toUpperCase().replaceAll(/../g, '%$&'))
    add('url', encodeURIComponent(written))
    add('json', Array.from(written, (letter) => escaped(letter)).join(''))
    for (const encoding of ['base64', 'base64url'] as const)
      for (const offset of [0, 1, 2]) add(`${encoding} at ${offset}`, alignedBase64(bytes, encoding, offset))
  }
  return forms
}

function escaped(letter: string): string {
  return `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** What is the same in the base64 of any text that holds `bytes` at a place that is `offset` modulo 3. */
function alignedBase64(bytes: Buffer, encoding: 'base64' | 'base64url', offset: number): string {
  const padded = Buffer.concat([Buffer.alloc(offset), bytes])
  const whole = padded.length - (padded.length % 3)
  // Each of the first characters that also encodes a byte before ours is left out.
  return padded
    .subarray(0, whole)
    .toString(encoding)
    .slice(Math.ceil((offset * 8) / 6))
}

export interface Find {
  readonly canary: string
  readonly form: string
  readonly where: string
}

export interface Search {
  in(where: string, bytes: Buffer): readonly Find[]
  /** Every file below `directory`. */
  below(directory: string): readonly Find[]
}

/** `named`: texts by name. */
export function searchFor(named: ReadonlyMap<string, string>): Search {
  // A bit for each first three bytes of a pattern: so all patterns are looked for in one pass.
  const begins = new Uint8Array(1 << 24)
  const patterns = new Map<number, { name: string; form: string; bytes: Buffer }[]>()
  for (const [name, text] of named) {
    for (const [form, bytes] of formsOf(text)) {
      const key = bytes.readUIntBE(0, 3)
      begins[key] = 1
      patterns.set(key, [...(patterns.get(key) ?? []), { name, form, bytes }])
    }
  }

  function find(where: string, bytes: Buffer): readonly Find[] {
    const found = new Map<string, Find>()
    let key = 0
    for (let at = 0; at < bytes.length; at++) {
      key = ((key << 8) | (bytes[at] ?? 0)) & 0xffffff
      if (begins[key] === 0 || at < 2) continue
      for (const pattern of patterns.get(key) ?? []) {
        const { name, form } = pattern
        if (!bytes.subarray(at - 2, at - 2 + pattern.bytes.length).equals(pattern.bytes)) continue
        found.set(`${name} ${form}`, { canary: name, form, where })
      }
    }
    return [...found.values()]
  }

  return {
    in: find,
    below: (directory) =>
      readdirSync(directory, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .flatMap((file) => find(file, readFileSync(file))),
  }
}
