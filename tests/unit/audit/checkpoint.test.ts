import { createHash, createPublicKey, verify } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import {
  type Checkpoint,
  checkpointText,
  keyIdOf,
  parseCheckpoint,
  parseNotes,
  writeNote,
} from '../../../src/domain/audit/checkpoint.ts'
import type { Hash } from '../../../src/domain/audit/merkle.ts'

const sha256: Hash = (bytes) => createHash('sha256').update(bytes).digest()
const checkpoint: Checkpoint = { origin: 'tamga/audit/alice', size: 12, root: Buffer.alloc(32, 7) }

/** From the documentation of golang.org/x/mod/sumdb/note, the reference implementation of signed notes. */
const PETER = {
  name: 'PeterNeumann',
  keyId: 'c74f20a3',
  publicKey: Buffer.from('ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW', 'base64').subarray(1),
  note:
    'If you think cryptography is the answer to your problem,\n' +
    "then you don't know what your problem is.\n\n" +
    '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n',
}

describe('signed notes', () => {
  test('the example of the reference implementation is read, its key named and its signature good', () => {
    const [note] = parseNotes(PETER.note) ?? []
    const [signature] = note?.signatures ?? []
    expect(signature?.name).toBe(PETER.name)
    expect(signature?.keyId).toBe(PETER.keyId)
    expect(keyIdOf(sha256, PETER.name, PETER.publicKey)).toBe(PETER.keyId)
    const key = createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: PETER.publicKey.toString('base64url') },
      format: 'jwk',
    })
    const text = Buffer.from(note?.text ?? '')
    expect(verify(null, text, key, signature?.signature ?? Buffer.alloc(0))).toBe(true)
  })

  test('what is written reads back, also several in one file', () => {
    const signature = { name: checkpoint.origin, keyId: '00ff10ab', signature: Buffer.alloc(64, 9) }
    const one = writeNote(checkpointText(checkpoint), signature)
    const two = writeNote(checkpointText({ ...checkpoint, size: 13 }), signature)
    const notes = parseNotes(`${one}${two}\n${one}`)
    expect(notes?.map(({ text }) => parseCheckpoint(text)?.size)).toEqual([12, 13, 12])
    expect(notes?.[0]?.signatures[0]?.keyId).toBe('00ff10ab')
    expect(Buffer.from(notes?.[0]?.signatures[0]?.signature ?? [])).toEqual(Buffer.alloc(64, 9))
  })

  test.each([
    ['no signature', 'a\n1\nb\n\n'],
    ['no blank line', 'a\n1\nb\n'],
    ['an unreadable signature', 'a\n\n— name !!\n'],
    ['a signature with nothing but a key id', 'a\n\n— name AAAAAA==\n'],
  ])('a file with %s is refused as a whole', (_, text) => expect(parseNotes(text)).toBeUndefined())
})

describe('checkpoints', () => {
  test('have three lines, as tlog-checkpoint says', () => {
    expect(checkpointText(checkpoint)).toBe(
      'tamga/audit/alice\n12\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n',
    )
    expect(parseCheckpoint(checkpointText(checkpoint))).toEqual({
      ...checkpoint,
      root: Uint8Array.from(checkpoint.root),
    })
  })

  test.each([
    ['another kind of log', (text: string) => text.replace('tamga/', 'go.sum/')],
    ['a size with a leading zero', (text: string) => text.replace('12', '012')],
    ['a short root', (text: string) => text.replace('BwcH', '')],
    ['root bits beyond the last byte', (text: string) => text.replace('Bwc=', 'Bwd=')],
    ['a further line', (text: string) => `${text}more\n`],
    ['no line feed at the end', (text: string) => text.trimEnd()],
  ])('%s is no checkpoint', (_, change) =>
    expect(parseCheckpoint(change(checkpointText(checkpoint)))).toBeUndefined(),
  )
})
