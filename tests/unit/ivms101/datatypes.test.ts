import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as lists from '../../../src/domain/ivms101/codes.ts'
import { type CodeList, foldCode } from '../../../src/domain/ivms101/codes.ts'
import { dateOfBirthFinding } from '../../../src/domain/ivms101/date.ts'
import { hasLeiCheckDigits, hasLeiForm } from '../../../src/domain/ivms101/lei.ts'
import { characters, localTextFindings, textFindings } from '../../../src/domain/ivms101/text.ts'
import { vectorText } from './support.ts'

describe('a date of birth', () => {
  const day = fc.date({ min: new Date('0001-01-01'), max: new Date('2025-06-29'), noInvalidDate: true })

  it('is any day of the calendar before today', () => {
    fc.assert(
      fc.property(day, (date) => {
        expect(dateOfBirthFinding(date.toISOString().slice(0, 10), '2025-06-30')).toBeUndefined()
      }),
    )
  })

  it.each([
    ['2025-06-29', undefined],
    ['2025-06-30', 'C2'],
    ['2025-07-01', 'C2'],
    ['9999-12-31', 'C2'],
    ['2000-02-29', undefined],
    ['2024-02-29', undefined],
    ['2023-02-29', 'DATE_INVALID'],
    ['1900-02-29', 'DATE_INVALID'],
    ['1990-04-31', 'DATE_INVALID'],
    ['1990-00-01', 'DATE_INVALID'],
    ['1990-01-00', 'DATE_INVALID'],
    ['1990-01-32', 'DATE_INVALID'],
    ['1990-01-01 ', 'DATE_FORMAT'],
    ['1990-01-01\n', 'DATE_FORMAT'],
    ['１９９０-01-01', 'DATE_FORMAT'],
    ['01-01-1990', 'DATE_FORMAT'],
  ])('%s on 2025-06-30: %s', (text, finding) => {
    expect(dateOfBirthFinding(text, '2025-06-30')).toBe(finding)
  })
})

describe('an LEI', () => {
  const {
    valid,
    invalid,
    inTheWildFailingChecksum,
  }: {
    valid: string[]
    invalid: { input: string; why: string }[]
    inTheWildFailingChecksum: string[]
  } = JSON.parse(vectorText('lei.json'))
  it.each(valid)('%s, as issued, has form and check digits', (lei) => {
    expect([hasLeiForm(lei), hasLeiCheckDigits(lei)]).toEqual([true, true])
  })
  it.each(invalid)('$input fails ($why)', ({ input, why }) => {
    expect(why === 'checksum' ? hasLeiCheckDigits(input) : hasLeiForm(input)).toBe(false)
  })
  it.each(inTheWildFailingChecksum)('%s, printed in public, fails its check digits', (line) => {
    const [lei = ''] = line.split(' ')
    expect([hasLeiForm(lei), hasLeiCheckDigits(lei)]).toEqual([true, false])
  })
})

describe('a code', () => {
  const {
    types,
  }: {
    types: Record<string, { accept: { wire: string | number; code: string }[]; reject: unknown[] }>
  } = JSON.parse(vectorText('enum-encodings.json'))
  const all = Object.values(lists).filter(
    (list): list is CodeList => typeof list === 'object' && 'prefix' in list,
  )

  it.each(all.map((list) => [list.name, list] as const))(
    '%s folds every spelling TRISA writes',
    (name, list) => {
      for (const { wire, code } of types[name]?.accept ?? []) {
        expect(foldCode(list, wire)?.code.toUpperCase()).toBe(code)
      }
      for (const other of ['', 'NONE', 'LEGLX', '__proto__', '4', -1, 4.9, 13, 1e9, Number.NaN]) {
        expect(foldCode(list, other)).toBeUndefined()
      }
    },
  )

  it('is not one of the list where only the protobuf has it', () => {
    expect(lists.LEGAL_PERSON_NAME_TYPE.codes.has('MISC')).toBe(false)
    expect(lists.ADDRESS_TYPE.codes.has('MISC')).toBe(false)
    expect(lists.NATURAL_PERSON_NAME_TYPE.codes.has('MISC')).toBe(true)
    expect(lists.NATIONAL_IDENTIFIER_TYPE.codes.has('MISC')).toBe(true)
  })
})

describe('text', () => {
  it('is counted in code points', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(0x10_ffff), { maxLength: 50 }), (points) => {
        const text = String.fromCodePoint(...points)
        expect(characters(text)).toBe(Array.from(text).length)
      }),
    )
  })

  it('is accepted up to its length in any printable ASCII', () => {
    const printable = fc
      .string({ unit: 'binary-ascii', minLength: 1 })
      .filter((text) => /^[ -~]*[!-~][ -~]*$/.test(text))
    fc.assert(
      fc.property(printable, (text) => {
        expect(textFindings(text, text.length, false)).toEqual([])
        expect(textFindings(`${text}x`, text.length, false)).toEqual(['LEN_MAX'])
      }),
    )
  })

  it.each([
    ["Anne O'Neil 3", []],
    ['Smith-Jones', ['CHARSET_2020_REGEX']],
    ['St. Gallen', ['CHARSET_2020_REGEX']],
    ['address:tag', ['CHARSET_2020_REGEX']],
    ['Müller', ['CHARSET']],
    ['tab\there', ['CHARSET']],
    ['', ['LEN_MIN']],
    ['   ', ['BLANK']],
    ['é'.repeat(101), ['LEN_MAX', 'CHARSET']],
  ])('in 2020 %j: %j', (text, findings) => {
    expect(textFindings(text, 100, true)).toEqual(findings)
  })

  it.each([
    ['Әлімжан Құдайбергенұлы', [], 'Kazakh Cyrillic'],
    ['Һәкім Іңкәр Ғұмыр Ұлан', [], 'Kazakh letters that resemble Latin ones'],
    ['Álvaro Núñez', [], 'Latin with marks'],
    ['Αλέξανδρος', [], 'Greek'],
    ['ABC株式会社', [], 'Latin beside Han'],
    ['ソニー株式会社', [], 'Japanese scripts together'],
    ['ТОО «ABC Trade»', [], 'two scripts in separate words'],
    ['سی\u200cمرغ', [], 'Persian with the joiner its spelling asks for'],
    ['Οlga', ['MIXED_SCRIPT'], 'Greek omicron before Latin'],
    ['Пaвел', ['MIXED_SCRIPT'], 'Latin a among Cyrillic'],
    ['Пa\u200bвел', ['ZERO_WIDTH', 'MIXED_SCRIPT'], 'hidden space inside a mixed word'],
    ['Ivan\u200d', ['ZERO_WIDTH'], 'joiner among Latin'],
    ['Ivan\u202egnoh', ['BIDI_CONTROL'], 'right-to-left override'],
    ['a\u0007é', ['CONTROL_CHARACTER'], 'bell'],
    ['李\n明', ['CHARSET'], 'line break'],
    ['\u3000\u200b', ['BLANK'], 'nothing visible'],
    ['', ['LEN_MIN'], 'empty'],
    ['𠮷'.repeat(100), [], '100 characters beyond the basic plane'],
    ['𠮷'.repeat(101), ['LEN_MAX'], '101 of them'],
  ])('local %j: %j (%s)', (text, findings) => {
    expect(localTextFindings(text, 100)).toEqual(findings)
  })
})
