import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { command } from '../../src/cli/ivms101.ts'

const VECTORS = fileURLToPath(new URL('../vectors/ivms101/payloads', import.meta.url))
const GOOD = join(VECTORS, '2020-base.json')
const BAD = join(VECTORS, 'C3-country-XK.json')

interface Line {
  file: string
  valid: boolean
  version: string | null
  errors: { code: string; path: string; message: string }[]
}

async function run(...args: string[]) {
  const out: string[] = []
  const err: string[] = []
  const code = await command.run(args, {
    env: {},
    out: (line) => out.push(line),
    err: (line) => err.push(line),
  })
  const lines = () =>
    out.map((line) => {
      const parsed: Line = JSON.parse(line)
      return parsed
    })
  return { code, out, err, lines }
}

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ivms101-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('tamga ivms101 validate --json', () => {
  it('answers one line per file of a directory, in order of name, and exits 1 when any is invalid', async () => {
    const { code, lines } = await run('validate', '--json', VECTORS)
    const files = lines().map(({ file }) => file)
    expect(files).toHaveLength(90)
    expect(files).toEqual(files.toSorted())
    expect(code).toBe(1)
  })

  it('exits 0 when all are valid', async () => {
    const { code, lines } = await run('validate', '--json', GOOD, join(VECTORS, '2023-base.json'))
    expect(lines()).toMatchObject([
      { file: GOOD, valid: true, version: '2020', errors: [] },
      { valid: true, version: '2023', errors: [] },
    ])
    expect(code).toBe(0)
  })

  it('names code, pointer and message, and no value', async () => {
    const { lines } = await run('validate', '--json', BAD)
    const [error] = lines()[0]?.errors ?? []
    expect(error).toMatchObject({
      code: 'C3',
      path: '/originator/originatorPersons/0/naturalPerson/geographicAddress/0/country',
    })
    expect(error?.message).not.toContain('XK')
  })

  it('goes on past what it cannot read, and exits 2', async () => {
    const missing = join(folder, 'missing.json')
    const { code, lines } = await run('validate', '--json', missing, GOOD)
    expect(lines()).toMatchObject([
      { file: missing, valid: false, version: null, errors: [{ code: 'FILE_UNREADABLE', path: '' }] },
      { file: GOOD, valid: true },
    ])
    expect(code).toBe(2)
  })

  it.each([
    ['not JSON', '{"originator":', 'JSON_SYNTAX'],
    ['nothing', '', 'JSON_SYNTAX'],
    ['not UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'UTF8_INVALID'],
    ['too large', `"${'x'.repeat(70_000)}"`, 'JSON_TOO_LARGE'],
    ['a list', '[]', 'TYPE'],
  ])('calls a file that holds %s invalid', async (_, content, expected) => {
    writeFileSync(join(folder, 'a.json'), content)
    const { code, lines } = await run('validate', '--json', folder)
    expect(lines()).toMatchObject([{ valid: false, errors: [{ code: expected }] }])
    expect(code).toBe(1)
  })

  it('looks into folders of folders and leaves other files alone', async () => {
    mkdirSync(join(folder, 'b', 'c'), { recursive: true })
    for (const name of ['b/c/one.json', 'two.json', 'note.txt']) writeFileSync(join(folder, name), '{}')
    const { lines } = await run('validate', '--json', folder)
    expect(lines().map(({ file }) => file)).toEqual([join(folder, 'b/c/one.json'), join(folder, 'two.json')])
  })

  it('names links that lead nowhere or in a circle, follows none to a folder, and leaves sockets alone', async () => {
    symlinkSync('nowhere.json', join(folder, 'a.json'))
    symlinkSync('b.json', join(folder, 'b.json'))
    symlinkSync('.', join(folder, 'again'))
    writeFileSync(join(folder, 'c.json'), readFileSync(GOOD))
    const socket = createServer().listen(join(folder, 'd.json'))
    await once(socket, 'listening')
    const { code, lines } = await run('validate', '--json', folder)
    socket.close()
    expect(lines().map(({ errors }) => errors.map((error) => error.message))).toEqual([
      ['cannot be read (ENOENT)'],
      ['cannot be read (ELOOP)'],
      [],
    ])
    expect(code).toBe(2)
  })

  it('reads no more of an endless file than it takes to see that it is too large', async () => {
    const { code, lines } = await run('validate', '--json', '/dev/zero')
    expect([code, lines()[0]?.errors[0]?.code]).toEqual([1, 'JSON_TOO_LARGE'])
  })

  it('calls a folder without a payload a mistake, and not valid', async () => {
    await expect(async () => run('validate', '--json', folder)).rejects.toThrow('no .json file')
  })

  it('takes empty as absent when asked to, and the date it is told', async () => {
    const sparse = join(VECTORS, 'LEN-bad-secondary-empty.json')
    expect((await run('validate', '--json', sparse)).code).toBe(1)
    expect((await run('validate', '--json', '--empty-as-absent', sparse)).code).toBe(0)
    expect((await run('validate', '--json', '--profile', 'gtr', sparse)).code).toBe(0)
    const { lines } = await run('validate', '--json', '--today', '1988-02-29', GOOD)
    expect(lines()[0]?.errors[0]?.code).toBe('C2')
  })
})

describe('tamga ivms101 validate', () => {
  it('tells a person what is wrong where', async () => {
    const { out, err } = await run('validate', GOOD, BAD)
    expect(out[0]).toBe(`${GOOD}: valid (2020)`)
    expect(out[1]).toBe(`${BAD}: invalid (2020)`)
    expect(out[2]).toContain('error C3 /originator/')
    expect(err).toEqual(['1 valid, 1 invalid, 0 not read'])
  })

  it.each([
    [[]],
    [['check']],
    [['validate']],
    [['validate', '--profile', 'none', 'x']],
    [['validate', '--today', 'soon', 'x']],
    [['convert', GOOD]],
  ])('asks for what is missing: %j', async (args) => {
    await expect(async () => run(...args)).rejects.toThrow(/./)
  })
})

describe('tamga ivms101 convert', () => {
  it('prints the payload of the other edition, and what could not be carried', async () => {
    const there = await run('convert', '--to', '2023', '--json', GOOD)
    expect(JSON.parse(there.out[0] ?? '')).toMatchObject({
      file: GOOD,
      from: '2020',
      to: '2023',
      payload: { payloadMetadata: { payloadVersion: '101.2023' } },
      losses: [],
    })
    expect(there.code).toBe(0)
    const tagged = await run('convert', '--to', '2020', join(VECTORS, 'CHARSET-2023-ok-account-xrp-tag.json'))
    expect(JSON.parse(tagged.out.join('\n'))).toHaveProperty('originator.accountNumber')
    expect(tagged.err[0]).toContain('CHARSET_2020_REGEX')
  })

  it.each([
    ['nothing', '', 'JSON_SYNTAX', 1],
    ['too much', `"${'x'.repeat(70_000)}"`, 'JSON_TOO_LARGE', 1],
    ['no file', undefined, 'FILE_UNREADABLE', 2],
  ] as const)('prints its line with --json for %s too', async (_, content, expected, exit) => {
    const file = join(folder, 'a.json')
    if (content !== undefined) writeFileSync(file, content)
    const { code, out } = await run('convert', '--to', '2023', '--json', file)
    expect(out.map((line) => JSON.parse(line))).toMatchObject([
      { file, from: null, to: '2023', payload: null, losses: [], errors: [{ code: expected }] },
    ])
    expect(code).toBe(exit)
  })

  it('tells what stood beside the payload and is not in the result', async () => {
    const file = join(folder, 'a.json')
    writeFileSync(file, `{"ivms101":${readFileSync(GOOD, 'utf8')},"transaction":{}}`)
    const { out } = await run('convert', '--to', '2023', '--json', file)
    expect(JSON.parse(out[0] ?? '')).toHaveProperty(
      'liberties',
      expect.arrayContaining([expect.objectContaining({ code: 'OUTSIDE_PAYLOAD', path: '/transaction' })]),
    )
  })

  it('converts what is invalid as far as it goes, and exits 1', async () => {
    expect((await run('convert', '--to', '2023', '--json', BAD)).code).toBe(1)
    writeFileSync(join(folder, 'a.json'), 'x')
    expect((await run('convert', '--to', '2023', join(folder, 'a.json'))).code).toBe(1)
    expect((await run('convert', '--to', '2023', join(folder, 'b.json'))).code).toBe(2)
  })
})
