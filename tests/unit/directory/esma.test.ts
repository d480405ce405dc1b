import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { esmaRegister, parseRegister } from '../../../src/directory/esma.ts'

const HEADER =
  'ae_competentAuthority,ae_homeMemberState,ae_lei_name,ae_lei,ae_lei_cou_code,ae_commercial_name,ae_address,ae_website,ae_website_platform,ac_authorisationNotificationDate,ac_authorisationEndDate,ac_serviceCode,ac_serviceCode_cou,ac_comments,ac_lastupdate'
const LEI = '529900T8BM49AURSDO55'
const NOW = new Date('2026-06-15T12:00:00Z')
const DAY = 86_400_000
const folder = mkdtempSync(join(tmpdir(), 'tamga-esma-'))
afterAll(() => rmSync(folder, { recursive: true }))

interface Given {
  readonly lei?: string
  readonly name?: string
  readonly from?: string
  readonly until?: string
  readonly website?: string
}
function row({
  lei = LEI,
  name = 'Bob Custody S.A.',
  from = '01/02/2025',
  until = '',
  website = '',
}: Given = {}) {
  return `CSSF,LU,"${name}",${lei},LU,Bob,"1, rue Neuve, Luxembourg",${website},,${from},${until},"a. providing custody|b. operating",LU|DE,,01/06/2026`
}

interface Asked {
  readonly rowsMin?: number
  readonly ageDays?: number
  readonly subject?: { readonly lei?: string | undefined }
}

let files = 0
function check(text: string | Buffer, { rowsMin = 1, ageDays = 1, subject = {} }: Asked = {}) {
  const file = join(folder, `${++files}.csv`)
  writeFileSync(file, text)
  const changed = new Date(NOW.getTime() - ageDays * DAY)
  utimesSync(file, changed, changed)
  const register = esmaRegister({ name: 'esma', file, rowsMin, validSeconds: 21 * 86_400 })
  const { lei } = { lei: LEI, ...subject }
  const about = { vaspId: 'bob', legalName: 'Bob Custody S.A.', country: 'LU', ...(lei && { lei }) }
  return register.check(about, NOW, AbortSignal.timeout(20_000))
}
const register = (...rows: readonly string[]) => [HEADER, ...rows].join('\n')

describe('a firm in the register', () => {
  it('is licensed until the file is too old to be believed, and its websites are its domains', async () => {
    expect(await check(register(row({ website: 'https://www.bob.com/en | app.bob.eu' })))).toEqual({
      outcome: 'proven',
      reference: expect.stringMatching(
        /^ESMA CASP register: CSSF, LU; since 01\/02\/2025; row sha256 [0-9a-f]{32}$/,
      ),
      expiresAt: new Date(NOW.getTime() + 20 * DAY),
      domains: ['bob.com', 'app.bob.eu'],
    })
  })

  it('is licensed through the day on which its authorisation ends, and not after it', async () => {
    expect(await check(register(row({ until: '15/06/2026' })))).toMatchObject({
      outcome: 'proven',
      expiresAt: new Date('2026-06-16T00:00:00Z'),
    })
    expect(await check(register(row({ until: '14/06/2026' })))).toMatchObject({
      outcome: 'refuted',
      code: 'LICENCE_ENDED',
    })
  })

  it('with several rows is licensed while one of them is in force', async () => {
    const both = register(row({ until: '01/01/2026' }), row({ from: '02/01/2026' }))
    expect(await check(both)).toMatchObject({ outcome: 'proven' })
  })

  it.each([
    ['a name that is another', { name: 'Zug Metal Trading AG' }, 'NAME_DIFFERS'],
    ['a date that cannot be read', { until: '31/02/2026' }, 'DATE_UNREADABLE'],
    ['a date in American order', { until: '12/31/2026' }, 'DATE_UNREADABLE'],
    ['words for a date', { from: 'pending' }, 'DATE_UNREADABLE'],
    ['a beginning in the future', { from: '01/01/2027' }, 'LICENCE_NOT_BEGUN'],
  ])('with %s is for a person to look at', async (_, given, code) => {
    expect(await check(register(row(given)))).toMatchObject({ outcome: 'unclear', code })
  })

  it('is not found by its name alone', async () => {
    expect(await check(register(row({ lei: '' })))).toMatchObject({ outcome: 'unclear', code: 'NAME_ONLY' })
    expect(await check(register(row()), { subject: { lei: undefined } })).toEqual({ outcome: 'absent' })
    expect(await check(register(row({ lei: '5493001KJTIIGC8Y1R12' })))).toEqual({ outcome: 'absent' })
  })
})

describe('a file that cannot be believed says nothing', () => {
  it.each([
    ['too few rows', register(row()), { rowsMin: 2 }, 'FILE_SHORT'],
    ['only a header', `${HEADER}\n`, {}, 'FILE_SHORT'],
    ['too old', register(row()), { ageDays: 22 }, 'FILE_OLD'],
    ['an error page', '<html><body>503</body></html>', {}, 'COLUMNS_MISSING'],
    ['nothing', '', {}, 'COLUMNS_MISSING'],
  ])('%s', async (_, text, how, code) => {
    await expect(check(text, how)).rejects.toMatchObject({ name: 'SourceUnavailable', code })
  })

  it('no file', async () => {
    const gone = esmaRegister({ name: 'esma', file: join(folder, 'gone'), rowsMin: 1, validSeconds: 1 })
    const about = { vaspId: 'bob', legalName: 'Bob', country: 'LU' }
    await expect(gone.check(about, NOW, AbortSignal.timeout(20_000))).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
    })
  })
})

describe('the mess of real files', () => {
  const text = register(row(), row({ name: 'Société Générale – Forge', lei: '' }))
  it.each([
    ['a byte order mark', Buffer.from(`\uFEFF${text}`)],
    ['a mangled byte order mark', Buffer.from(`ï»¿${text}`)],
    ['Latin-1', Buffer.from(text.replace('–', '-'), 'latin1')],
    ['semicolons', Buffer.from(text.replaceAll(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/g, ';'))],
    ['line ends of Windows', Buffer.from(text.replaceAll('\n', '\r\n'))],
    [
      'rows too short and too long, and empty lines',
      Buffer.from(`${text}\nCSSF,LU,X\n\n${row()},more,and,more\n`),
    ],
    ['a quote in the wrong place', Buffer.from(text.replace('Société', 'So"ciété'))],
    [
      'column names in capitals with blanks',
      Buffer.from(text.replace(HEADER, HEADER.toUpperCase().replaceAll(',', ' , '))),
    ],
    ['an LEI in small letters', Buffer.from(text.replace(LEI, ` ${LEI.toLowerCase()} `))],
  ])('%s', async (_, bytes) => {
    expect(await check(bytes)).toMatchObject({ outcome: 'proven' })
    expect(
      parseRegister(bytes)
        .map(({ legalName }) => legalName)
        .join(),
    ).toContain('Bob Custody S.A.')
  })
})
