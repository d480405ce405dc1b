/**
 * Checkpoints of the audit log: C2SP tlog-checkpoint (https://c2sp.org/tlog-checkpoint) in the form of a signed note
 * (https://c2sp.org/signed-note), which other people's tools read too. What signs and hashes is an argument.
 */
import type { Hash, TreeHead } from './merkle.ts'

export interface Checkpoint extends TreeHead {
  /** Which log: `originOf` its VASP. */
  readonly origin: string
}

export interface NoteSignature {
  readonly name: string
  /** The first four bytes in hexadecimal of what `keyIdOf` hashes. */
  readonly keyId: string
  readonly signature: Uint8Array
}

export interface SignedNote {
  /** The signed text with its final line feed. */
  readonly text: string
  readonly signatures: readonly NoteSignature[]
}

const ORIGIN = /^tamga\/audit\/[a-z0-9_]{1,32}$/
const SIZE = /^(?:0|[1-9][0-9]{0,14})$/
const SIGNATURE_LINE = /^— (\S+) ([A-Za-z0-9+/]+={0,2})$/
/** Ed25519 in signed notes. */
const ED25519 = 1

/** The log's name, which is its key's name too. */
export function originOf(vaspId: string): string {
  return `tamga/audit/${vaspId}`
}

export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${toBase64(root)}\n`
}

/** Undefined for what is no checkpoint of such a log. Further lines, which the format allows, are refused: we write none. */
export function parseCheckpoint(text: string): Checkpoint | undefined {
  const [origin = '', size = '', root = '', end, ...more] = text.split('\n')
  const bytes = fromBase64(root)
  if (!ORIGIN.test(origin) || !SIZE.test(size) || bytes?.length !== 32) return undefined
  return end === '' && more.length === 0 ? { origin, size: Number(size), root: bytes } : undefined
}

/** signed-note, "Signatures": the first four bytes of SHA-256 over name, line feed, algorithm and public key. */
export function keyIdOf(sha256: Hash, name: string, publicKey: Uint8Array): string {
  const prefix = new TextEncoder().encode(`${name}\n`)
  const digest = sha256(Uint8Array.from([...prefix, ED25519, ...publicKey]))
  return toHex(digest.subarray(0, 4))
}

export function writeNote(text: string, { name, keyId, signature }: NoteSignature): string {
  const id = Uint8Array.from(keyId.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))
  return `${text}\n— ${name} ${toBase64(Uint8Array.from([...id, ...signature]))}\n`
}

/** The notes of a text, one after another, as a file of pinned checkpoints has them. Undefined when there is anything else in it. */
export function parseNotes(text: string): readonly SignedNote[] | undefined {
  const notes: SignedNote[] = []
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''))
  let at = 0
  while (at < lines.length) {
    if (lines[at] === '') {
      at += 1
      continue
    }
    const blank = lines.indexOf('', at)
    if (blank === -1) return undefined
    const signatures: NoteSignature[] = []
    let next = blank + 1
    for (; lines[next]?.startsWith('— ') === true; next += 1) {
      const signature = parseSignature(lines[next] ?? '')
      if (signature === undefined) return undefined
      signatures.push(signature)
    }
    if (signatures.length === 0) return undefined
    notes.push({ text: `${lines.slice(at, blank).join('\n')}\n`, signatures })
    at = next
  }
  return notes
}

function parseSignature(line: string): NoteSignature | undefined {
  const [, name = '', encoded = ''] = SIGNATURE_LINE.exec(line) ?? []
  const bytes = fromBase64(encoded)
  if (name === '' || bytes === undefined || bytes.length <= 4) return undefined
  return { name, keyId: toHex(bytes.subarray(0, 4)), signature: bytes.subarray(4) }
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

export function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
}

/** Canonical base64 only: one text per byte string. */
export function fromBase64(text: string): Uint8Array | undefined {
  try {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
    return toBase64(bytes) === text ? bytes : undefined
  } catch {
    return undefined
  }
}
