import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gleifRecords } from '../../../src/directory/gleif.ts'
import { type GleifRecord, startGleif } from '../../support/gleif.ts'

const NOW = new Date('2026-06-15T12:00:00Z')
const LEI = '529900T8BM49AURSDO55'
const records = new Map<string, GleifRecord>()
let server: Awaited<ReturnType<typeof startGleif>>
beforeAll(async () => {
  server = await startGleif(records)
})
afterAll(() => server.close())

function check(
  record: Partial<GleifRecord> | undefined,
  subject: { lei?: string | undefined } = {},
  patienceMilliseconds = 20_000,
) {
  records.clear()
  if (record !== undefined) records.set(LEI, { name: 'Bob Custody SA', country: 'LU', ...record })
  const source = gleifRecords({ name: 'gleif', url: `${server.url}/`, validSeconds: 30 * 86_400 })
  const { lei } = { lei: LEI, ...subject }
  const about = { vaspId: 'bob', legalName: 'Bob Custody S.A.', country: 'LU', ...(lei && { lei }) }
  return source.check(about, NOW, AbortSignal.timeout(patienceMilliseconds))
}

describe('an LEI', () => {
  it('that is issued to an active entity of this name and country is proven, at most for 30 days', async () => {
    expect(await check({})).toEqual({
      outcome: 'proven',
      reference: `GLEIF ${LEI}: ISSUED, entity ACTIVE, FULLY_CORROBORATED`,
      expiresAt: new Date('2026-07-15T12:00:00Z'),
    })
    expect(await check({ renewal: '2026-06-20T00:00:00Z' })).toMatchObject({
      outcome: 'proven',
      expiresAt: new Date('2026-06-20T00:00:00Z'),
    })
  })

  it.each([
    [{ status: 'LAPSED' }, 'LEI_LAPSED'],
    [{ status: 'RETIRED' }, 'LEI_RETIRED'],
    [{ status: 'PENDING_VALIDATION' }, 'LEI_PENDING_VALIDATION'],
    [{ entityStatus: 'INACTIVE' }, 'ENTITY_INACTIVE'],
    [{ renewal: '2026-06-15T00:00:00Z' }, 'LEI_LAPSED'],
    [{ name: 'Zug Metal Trading AG' }, 'NAME_DIFFERS'],
    [undefined, 'LEI_UNKNOWN'],
  ])('with %j is refuted: %s', async (record, code) => {
    expect(await check(record)).toMatchObject({ outcome: 'refuted', code })
  })

  it.each([
    [{ country: 'DE' }, 'COUNTRY_DIFFERS'],
    [{ renewal: 'soon' }, 'RENEWAL_UNKNOWN'],
  ])('with %j is for a person to look at: %s', async (record, code) => {
    expect(await check(record)).toMatchObject({ outcome: 'unclear', code })
  })

  it('that the card does not have is not asked for', async () => {
    const before = server.calls
    expect(await check({}, { lei: undefined })).toEqual({ outcome: 'absent' })
    expect(server.calls).toBe(before)
  })
})

it.each([
  ['down', 'HTTP_503'],
  ['html', 'HTTP_404'],
  ['cut', 'MALFORMED'],
  ['huge', 'TOO_LARGE'],
  ['other', 'OTHER_RECORD'],
  ['silent', 'UNREACHABLE'],
] as const)('a service that is %s neither proves nor refutes', async (fault, code) => {
  server.fault = fault
  await expect(check({}, {}, fault === 'silent' ? 200 : 20_000)).rejects.toMatchObject({
    name: 'SourceUnavailable',
    code,
  })
  server.fault = undefined
})
