/** The console's catalogues: every message in every language, asking for the same values, with the plurals that the language has. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compileMessage } from '@lingui/message-utils/compileMessage'
import { describe, expect, it } from 'vitest'
import { ENVELOPE_TYPES } from '../../src/domain/envelope/envelope.ts'
import { HOLD_REASONS, UNKNOWN_REASON } from '../../src/domain/hold/hold.ts'
import { EVENT_TYPES } from '../../src/domain/transfer/transfer.ts'

type Catalogue = { readonly [id: string]: string }

function catalogue(locale: string): Catalogue {
  return JSON.parse(readFileSync(join('console/src/i18n', `${locale}.json`), 'utf8'))
}

const ENGLISH = catalogue('en')
const LOCALES = ['en', 'ru', 'kk'] as const

/** Every `{name}` of a message, and the forms of its plurals. */
function parts(tokens: unknown, names = new Set<string>(), plurals: string[][] = []) {
  if (!Array.isArray(tokens)) return { names, plurals }
  for (const token of tokens) {
    if (!Array.isArray(token)) continue
    const [name, kind, forms]: unknown[] = token
    names.add(String(name))
    if (kind !== 'plural' || typeof forms !== 'object' || forms === null) continue
    plurals.push(Object.keys(forms).filter((form) => form !== 'offset'))
    for (const form of Object.values(forms)) parts(form, names, plurals)
  }
  return { names, plurals }
}

describe.each(LOCALES)('%s', (locale) => {
  const messages = catalogue(locale)

  it('has every message, and no other', () => {
    expect(Object.keys(messages).toSorted()).toEqual(Object.keys(ENGLISH).toSorted())
    expect(Object.entries(messages).filter(([, text]) => text.trim() === '')).toEqual([])
  })

  it('asks for the values that English asks for', () => {
    const asked = (text = '') => [...parts(compileMessage(text)).names].toSorted()
    for (const [id, text] of Object.entries(messages))
      expect({ id, asks: asked(text) }).toEqual({ id, asks: asked(ENGLISH[id]) })
  })

  it('has the plural forms of the language', () => {
    const wanted = new Intl.PluralRules(locale).resolvedOptions().pluralCategories
    const found = Object.values(messages).flatMap((text) => parts(compileMessage(text)).plurals)
    expect(found.length).toBeGreaterThan(3)
    for (const forms of found) expect(forms).toEqual(expect.arrayContaining(wanted))
  })
})

it('has words for whatever can happen to a transfer', () => {
  const messages = ENVELOPE_TYPES.filter((type) => /^(transfer|deposit)\./.test(type))
  const wanted = [
    ...[...EVENT_TYPES, ...messages].map((type) => `event.${type}`),
    ...[...HOLD_REASONS, UNKNOWN_REASON].flatMap((reason) => [`reason.${reason}`, `reason.${reason}.text`]),
  ]
  expect(wanted.filter((id) => ENGLISH[id] === undefined)).toEqual([])
})
