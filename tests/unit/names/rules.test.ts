import { describe, expect, it } from 'vitest'
import { compareNames, type NameSet, type ReasonCode } from '../../../src/domain/names/index.ts'

const person = (primary: string, secondary: string, more: Partial<NameSet> = {}): NameSet => ({
  names: [{ primary, secondary, type: 'LEGL' }],
  ...more,
})
const company = (name: string): NameSet => ({ legalNames: [{ name, type: 'LEGL' }] })

describe('the reason of a review says what a person has to look at', () => {
  const reviews: readonly (readonly [ReasonCode, NameSet, NameSet])[] = [
    ['SPELLING_DIFFERS', person('Blackwerl', 'Sophie'), person('Blackwell', 'Sophie')],
    ['SOUND_ONLY', person('Reed', 'Philippa'), person('Reid', 'Philippa')],
    ['READING_UNCONFIRMED', person('Hirata', 'Kei'), person('平田', '恵')],
    ['ROMANISATION_UNCONFIRMED', person('Lee', 'Na'), person('李', '娜')],
    ['RELATED_GIVEN_NAME', person('Marsden', 'Bob'), person('Marsden', 'Robert')],
    ['INITIALS_ONLY', person('Whitfield', 'J.'), person('Whitfield', 'Joanna')],
    ['GIVEN_NAME_INCOMPLETE', person('Pemberton', 'Jane'), person('Pemberton', 'Alison Jane')],
    ['SINGLE_NAME', person('Wahyuni', ''), person('Wahyuni', 'Sri')],
    ['FAMILY_NAME_INCOMPLETE', person('Moreno', 'Lucía'), person('Moreno Castaño', 'Lucía')],
    ['FAMILY_NAME_ENDING', person('Жұмабек', 'Ержан'), person('Жұмабеков', 'Ержан')],
    ['PARTICLE_DIFFERS', person('Berg', 'Pieter'), person('van der Berg', 'Pieter')],
    ['ORDER_AMBIGUOUS', person('Thomas', 'James'), person('James', 'Thomas')],
    ['GENERATION_ON_ONE_SIDE', person('Caldwell', 'Everett Jr.'), person('Caldwell', 'Everett')],
    ['HIDDEN_CHARACTER', person('Win\u200bter', 'Ada'), person('Winter', 'Ada')],
    ['MIXED_SCRIPTS', person('Мaйоров', 'Тимофей'), person('Майоров', 'Тимофей')],
    ['LOOK_ALIKE', person('KACATKOB', 'POMAH'), person('КАСАТКОВ', 'РОМАН')],
  ]
  it.each(reviews)('%s', (reason, received, held) => {
    const verdict = compareNames('natural', received, held)
    expect([verdict.outcome, verdict.reasons]).toEqual(['review', expect.arrayContaining([reason])])
  })

  const companies: readonly (readonly [ReasonCode, string, string])[] = [
    ['LEGAL_FORM_ABSENT', 'Pellworth', 'Pellworth Ltd'],
    ['LEGAL_FORM_FOREIGN', 'ООО «Вектор»', 'ТОО «Вектор»'],
    ['LEGAL_FORM_PLACE', '青波電機株式会社', '株式会社青波電機'],
    ['NAME_PART_ABSENT', 'Brindle & Partners LLP', 'Brindle Shaw & Partners LLP'],
    ['WORD_ORDER', 'Hotel Granvelle SARL', 'Granvelle Hotel SARL'],
    ['TRANSLATION', 'Snow Cedar LLC', 'ООО «Снежный Кедр»'],
  ]
  it.each(companies)('%s', (reason, received, held) => {
    const verdict = compareNames('legal', company(received), company(held))
    expect([verdict.outcome, verdict.reasons]).toEqual(['review', expect.arrayContaining([reason])])
  })
})

describe('what one side adds', () => {
  it('contradicts nothing when it is a trading name, an alias or a former name beside the legal name', () => {
    const held: NameSet = { names: [{ primary: 'Ashworth', secondary: 'Helena', type: 'LEGL' }] }
    const received: NameSet = {
      names: [...(held.names ?? []), { primary: 'Pritchard', secondary: 'Helena', type: 'MAID' }],
    }
    expect(compareNames('natural', received, held).outcome).toBe('match')
  })

  it('holds a match back when the characters contradict the Latin letters', () => {
    const received = person('Chen', 'Meiling', {
      local: [{ primary: '陳', secondary: '美玲', type: 'LEGL' }],
    })
    const held = person('Chen', 'Meiling', { local: [{ primary: '王', secondary: '志明', type: 'LEGL' }] })
    const verdict = compareNames('natural', received, held)
    expect([verdict.outcome, verdict.reasons]).toEqual(['review', ['FORMS_CONTRADICT']])
  })

  it('holds a match back when the Latin name is somebody else and only the characters agree', () => {
    const local = [{ primary: '张', secondary: '伟诚', type: 'LEGL' as const }]
    const verdict = compareNames(
      'natural',
      person('Smith', 'John', { local }),
      person('Zhang', 'Weicheng', { local }),
    )
    expect([verdict.outcome, verdict.reasons]).toEqual(['review', ['FORMS_CONTRADICT']])
  })

  it('is no match when two readings agree and the characters do not', () => {
    const reading = [{ primary: 'サトウ', secondary: 'ユウコ', type: 'LEGL' as const }]
    const verdict = compareNames(
      'natural',
      person('佐東', '裕子', { phonetic: reading }),
      person('佐藤', '裕子', { phonetic: reading }),
    )
    expect(verdict.outcome).toBe('review')
  })
})

it('the evidence names the pair that decided, the rule and the words compared', () => {
  const held = person('Жұмабеков', 'Ержан')
  const { evidence } = compareNames('natural', person('Zhumabekov', 'Yerzhan'), held)
  expect(evidence).toMatchObject({
    pair: [0, 0],
    received: ['zhumabekov', 'yerzhan'],
    held: ['жұмабеков', 'ержан'],
  })
  expect(evidence.rules).toContain('ROMANISATION')
})

it('a name without letters is reviewed and not guessed at', () => {
  expect(compareNames('natural', person('-', '.'), person('Winter', 'Ada')).reasons).toEqual(['NAME_ABSENT'])
  expect(compareNames('natural', {}, person('Winter', 'Ada')).reasons).toEqual(['NAME_ABSENT'])
})
