import { expect, it } from 'vitest'
import { CONSEQUENCES } from '../../src/app/console/actions.ts'
import { FIGURES } from '../../src/app/console/dashboard.ts'
import { SIGN_IN_FAILURES } from '../../src/app/console/provider-sign-in.ts'
import { HOLD_QUEUES, TRANSFER_QUEUES } from '../../src/app/console/reads.ts'
import { CONTRACT } from '../../src/http/api/contract.ts'
import type { Endpoint } from '../../src/http/api/endpoint.ts'
import { PROBLEMS } from '../../src/http/api/problem.ts'
import { expectPart, read, table } from './docs-page.ts'

const PAGE = 'docs/console.md'
const ENDPOINTS: readonly Endpoint[] = Object.values(CONTRACT)

it('lists every endpoint with who may call it', () => {
  const rows = ENDPOINTS.map(({ method, url, access, ifMatch, summary }) => [
    `\`${method} ${url}\``,
    `\`${access}\`${ifMatch === true ? ', If-Match' : ''}`,
    summary,
  ])
  expectPart(PAGE, 'endpoints', table(['Endpoint', 'Who', 'What'], rows))
})

it('lists the problems of this door alone', () => {
  const rows = Object.entries(PROBLEMS).map(([code, [status, title]]) => [
    `\`${code}\``,
    String(status),
    title,
  ])
  expectPart(PAGE, 'problems', table(['Code', 'Status', 'Meaning'], rows))
})

it('says how a sign-in by the provider can end without one', () => {
  const rows = Object.entries(SIGN_IN_FAILURES).map(([code, meaning]) => [`\`${code}\``, meaning])
  expectPart(PAGE, 'failures', table(['Code', 'Meaning'], rows))
})

it('defines every figure', () => {
  const rows = Object.entries(FIGURES).map(([id, meaning]) => [`\`${id}\``, meaning])
  expectPart(PAGE, 'figures', table(['Figure', 'Definition'], rows))
})

it('says what each consequence means', () => {
  const rows = Object.entries(CONSEQUENCES).map(([key, meaning]) => [`\`${key}\``, meaning])
  expectPart(PAGE, 'consequences', table(['Key (`approve.…` as `release.…`)', 'What follows'], rows))
})

it('defines every queue', () => {
  const page = read(PAGE)
  for (const queue of [...HOLD_QUEUES, ...TRANSFER_QUEUES]) expect(page).toContain(`| \`${queue}\` |`)
})
