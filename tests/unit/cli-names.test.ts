import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { UsageError } from '../../src/cli/command.ts'
import { command } from '../../src/cli/names.ts'

let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tamga-names-'))
})

afterAll(() => rmSync(folder, { recursive: true }))

async function run(...args: readonly string[]): Promise<{ exit: number; out: string[]; err: string[] }> {
  const out: string[] = []
  const err: string[] = []
  const exit = await command.run(args, {
    env: {},
    out: (line) => out.push(line),
    err: (line) => err.push(line),
  })
  return { exit, out, err }
}

function fileOf(...lines: readonly string[]): string {
  const file = join(folder, 'names.jsonl')
  writeFileSync(file, lines.join('\n'))
  return file
}

const pair = (id: string, received: unknown, more: object = {}): string =>
  JSON.stringify({
    id,
    kind: 'natural',
    received: { names: [received] },
    held: { names: [{ primary: 'Winterbourne', secondary: 'Ada', type: 'LEGL' }] },
    ...more,
  })

describe('names compare', () => {
  it('reads a file that begins with a byte order mark, and null for names that are not there', async () => {
    const same = pair('same', { primary: 'Winterbourne', secondary: 'Ada', type: 'LEGL' })
    const file = fileOf(`\ufeff${same.replace('"received":{', '"received":{"local":null,')}`)
    const { exit, out } = await run('compare', '--json', file)
    expect([exit, out.map((line) => JSON.parse(line).outcome)]).toEqual([0, ['match']])
  })

  it('compares nothing when a member is named twice, because readers differ in which one they take', async () => {
    const twice = pair('twice', { primary: 'Ashdown', secondary: 'Grace', type: 'LEGL' }).replace(
      '"held":',
      '"held":{},"held":',
    )
    const { exit, out } = await run('compare', '--json', fileOf(twice))
    expect(exit).toBe(1)
    expect(out.map((line) => JSON.parse(line))).toEqual([
      { id: null, line: 1, error: 'a member is named twice' },
    ])
  })

  it('answers each line in order, and ignores members it does not know', async () => {
    const file = fileOf(
      pair(
        'same',
        { primary: 'WINTERBOURNE', secondary: 'ADA', type: 'LEGL' },
        { expect: 'mismatch', why: 'no', tags: [] },
      ),
      pair('slip', { primary: 'Winterbuorne', secondary: 'Ada', type: 'LEGL' }),
      pair('other', { primary: 'Ashdown', secondary: 'Grace', type: 'LEGL' }),
    )
    const { exit, out } = await run('compare', '--json', file)
    expect(exit).toBe(0)
    expect(out.map((line) => JSON.parse(line))).toMatchObject([
      {
        id: 'same',
        outcome: 'match',
        score: expect.any(Number),
        why: expect.stringMatching(/^NAMES_AGREE: /u),
      },
      { id: 'slip', outcome: 'review' },
      { id: 'other', outcome: 'mismatch' },
    ])
  })

  it('says which line is malformed without repeating what stands in it, goes on, and ends with 1', async () => {
    const file = fileOf(
      '{"id":"cut',
      pair('bad', { primary: 7, secondary: 'Ada' }),
      pair('good', { primary: 'Winterbourne', secondary: 'Ada', type: 'LEGL' }),
    )
    const { exit, out } = await run('compare', '--json', file)
    expect(exit).toBe(1)
    expect(out.map((line) => JSON.parse(line))).toMatchObject([
      { id: null, line: 1, error: 'not JSON' },
      { id: 'bad', line: 2, error: expect.stringContaining('/received/names/0/primary') },
      { id: 'good', outcome: 'match' },
    ])
    expect(out.slice(0, 2).join('')).not.toContain('Ada')
  })

  it('takes a name without a given name, and one whose given name is null', async () => {
    const held = { names: [{ primary: 'Suharto', secondary: null, type: 'LEGL' }] }
    const { out } = await run(
      'compare',
      '--json',
      fileOf(pair('one', { primary: 'Suharto', type: 'LEGL' }, { held })),
    )
    expect(JSON.parse(out[0] ?? '')).toMatchObject({ outcome: 'match' })
  })

  it('prints a line for people without --json', async () => {
    const { out } = await run(
      'compare',
      fileOf(pair('one', { primary: 'Winterbourne', secondary: 'A.', type: 'LEGL' })),
    )
    expect(out).toEqual([expect.stringMatching(/^review +0\.\d\d {2}one {2}INITIALS_ONLY: /u)])
  })

  it('ends with 2 when the file cannot be read', async () => {
    const { exit, err } = await run('compare', join(folder, 'nowhere.jsonl'))
    expect([exit, err]).toEqual([2, [expect.stringContaining('ENOENT')]])
  })

  it.each([
    [[]],
    [['compare']],
    [['guess', 'file']],
    [['compare', '--loud', 'file']],
    [['compare', 'a', 'b']],
  ])('refuses %j', async (args) => {
    await expect(run(...args)).rejects.toBeInstanceOf(UsageError)
  })
})
