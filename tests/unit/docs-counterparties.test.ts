import { expect, it } from 'vitest'
import { FIGURES } from '../../src/domain/counterparty/failures.ts'
import { FORMS } from '../../src/domain/counterparty/questionnaire.ts'
import { expectPart, table } from './docs-page.ts'

const PAGE = 'docs/counterparties.md'

it('lists the questions of the form', () => {
  const [form] = FORMS
  expect(form?.version).toBe('tamga-ddq/1')
  const rows = (form?.questions ?? []).map(({ id, type, required, asks, risk }) => [
    `\`${id}\``,
    asks,
    type,
    required ? 'yes' : '',
    risk === undefined ? '' : `${risk.answer}: ${risk.level}`,
  ])
  expectPart(PAGE, 'questionnaire', table(['Question', 'Asks', 'Answer', 'Required', 'Risk'], rows))
})

it('defines every figure', () => {
  const rows = Object.entries(FIGURES).map(([name, [unit, definition]]) => [`\`${name}\``, unit, definition])
  expectPart(PAGE, 'figures', table(['Figure', 'Unit', 'Definition'], rows))
})
