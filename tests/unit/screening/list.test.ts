import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ScreeningRequest } from '../../../src/app/ports.ts'
import type { ScreeningSubject } from '../../../src/domain/screening/screening.ts'
import { parseCsv } from '../../../src/screening/csv.ts'
import { listProvider } from '../../../src/screening/list.ts'

const NOW = new Date('2026-11-05T00:00:00Z')
const LIST = {
  list: 'invented',
  version: '7',
  date: '2026-11-01',
  entries: [
    { id: 'P-1', kind: 'natural', names: ['Viktor Morozenko'], birth_date: '1961-04-12' },
    { id: 'L-1', kind: 'legal', names: ['Karakol Mixer Ltd.'] },
    { id: 'A-1', kind: 'address', accounts: ['eip155:1:0xBAD0000000000000000000000000000000000BAD'] },
  ],
}
const CSV = `list,invented,7,2026-11-01
id,kind,value,birth_date
P-1,natural,"Morozenko, Viktor",1961-04-12
P-1,natural,Віктор Морозенко,
A-1,address,eip155:1:0xbad0000000000000000000000000000000000bad,
`.replace('id,kind,value,birth_date\n', '')

let directory: string
let file: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tamga-list-'))
  file = join(directory, 'list')
})
afterEach(() => rmSync(directory, { recursive: true }))

function provider(text: string, maxAgeDays = 7) {
  writeFileSync(file, text)
  return listProvider({ file, integrity: { sha256: sha256(text) }, maxAgeDays })
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

function person(primary: string, secondary: string, dateOfBirth?: string): ScreeningSubject {
  const names = [{ primary, secondary, type: 'LEGL' } as const]
  return { ref: 'originator/0', kind: 'natural', names: { names, ...(dateOfBirth && { dateOfBirth }) } }
}

function about(...subjects: ScreeningSubject[]): ScreeningRequest {
  return { caseId: 'c', direction: 'outbound', asset: 'eip155:1/slip44:60', amount: '1', subjects }
}

const never = new AbortController().signal
const address = (account: string) => ({ ref: 'destination', kind: 'address', account }) as const

describe('a list of names and addresses', () => {
  it.each([
    ['JSON', JSON.stringify(LIST)],
    ['CSV', CSV],
  ])('as %s names the person in another script, and the address in another case', async (_, text) => {
    const subjects = [
      person('Морозенко', 'Виктор', '1961-04-12'),
      address('eip155:1:0xbad0000000000000000000000000000000000bad'),
    ]
    const { lists, hits } = await provider(text).screen(about(...subjects), never, NOW)
    expect(lists).toEqual([{ id: 'invented', version: '7', date: '2026-11-01' }])
    expect(hits.map(({ ref, entry }) => [ref, entry])).toEqual([
      ['originator/0', 'P-1'],
      ['destination', 'A-1'],
    ])
    expect(hits[1]).toMatchObject({ certainty: 'confirmed', score: 100 })
  })

  it('says nothing of people who are not on it', async () => {
    const subjects = [person('Okafor', 'Ada'), address('eip155:1:0xab16a96d359ec26a11e2c2b3d8f8b8942d5bfcdb')]
    expect((await provider(JSON.stringify(LIST)).screen(about(...subjects), never, NOW)).hits).toEqual([])
  })

  it('gives no answer when it is too old', async () => {
    const old = new Date('2026-11-09T00:00:00Z')
    await expect(provider(JSON.stringify(LIST)).screen(about(), never, old)).rejects.toMatchObject({
      failure: 'SCREENING_LIST_STALE',
    })
  })

  it('gives no answer once its file is another than was agreed on', async () => {
    const list = provider(JSON.stringify(LIST))
    writeFileSync(file, JSON.stringify({ ...LIST, entries: LIST.entries.slice(0, 1) }))
    await expect(list.screen(about(), never, NOW)).rejects.toMatchObject({
      failure: 'SCREENING_LIST_UNTRUSTED',
    })
  })

  it.each([
    ['an unknown member', { ...LIST, extra: 1 }],
    ['no entry', { ...LIST, entries: [] }],
    ['an address that is none', { ...LIST, entries: [{ id: 'x', kind: 'address', accounts: ['0xbad'] }] }],
    ['more names than can be compared', { ...LIST, entries: Array(5_001).fill(LIST.entries[0]) }],
  ])('is refused with %s', (_, list) => {
    expect(() => provider(JSON.stringify(list))).toThrow('not of the known form')
  })

  it('takes a new version that its publisher signed, and no other', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    const write = (list: object, key = privateKey) => {
      const bytes = Buffer.from(JSON.stringify(list))
      writeFileSync(file, bytes)
      writeFileSync(`${file}.sig`, sign(null, bytes, key).toString('base64'))
    }
    write(LIST)
    const ed25519 = String(publicKey.export({ format: 'jwk' })['x'])
    const list = listProvider({ file, integrity: { ed25519 }, maxAgeDays: 7 })
    write({ ...LIST, version: '8' })
    utimesSync(file, NOW, NOW)
    expect((await list.screen(about(), never, NOW)).lists[0]?.version).toBe('8')
    write({ ...LIST, version: '9' }, generateKeyPairSync('ed25519').privateKey)
    await expect(list.screen(about(), never, NOW)).rejects.toMatchObject({
      failure: 'SCREENING_LIST_UNTRUSTED',
    })
  })
})

it('reads quoted fields, doubled quotes and both line ends', () => {
  expect(parseCsv('a,"b, ""c""\nd",\r\n\r\ne,f,g\n')).toEqual([
    ['a', 'b, "c"\nd', ''],
    ['e', 'f', 'g'],
  ])
})
