/**
 * Our verdicts beside those of the npm package `ivms101` on the same vectors, as a Markdown table.
 * Run: node bench/ivms101-compare.ts > docs/ivms101-comparison.md
 *
 * The package has one shape of its own: flat VASPs, `customerNumber` on natural persons of 2020, and C1 bound on beneficiaries
 * too, so that it refuses nearly every vector as it stands. It is therefore asked twice: about the vector as it is, and about
 * the vector put into its shape, which shows what it makes of each vector's own idea. It is always asked about the edition the
 * vector is of.
 */
import { readFileSync } from 'node:fs'
import { IVMS101_2023Schema } from 'ivms101'
import { IVMS101_2020Schema } from 'ivms101/legacy'
import { parseIvms101 } from '../src/domain/ivms101/index.ts'

interface Fixture {
  readonly file: string
  readonly ivmsVersion: '2020' | '2023'
  readonly why?: string
  readonly clause: string
  readonly expected: { readonly strict: 'valid' | 'invalid' }
}

const folder = new URL('../tests/vectors/ivms101/', import.meta.url)
const { fixtures }: { fixtures: readonly Fixture[] } = JSON.parse(
  readFileSync(new URL('manifest.json', folder), 'utf8'),
)
const { version }: { version: string } = JSON.parse(
  readFileSync(new URL('../node_modules/ivms101/package.json', import.meta.url), 'utf8'),
)

const rows = fixtures.map((fixture) => {
  const text = readFileSync(new URL(fixture.file, folder), 'utf8')
  const ours = parseIvms101(text, { profile: 'interop', today: '2025-06-30' })
  const codes = [...new Set(ours.errors.map(({ code }) => code))].join(', ')
  return {
    name: fixture.file.replace(/^payloads\/|\.json$/g, ''),
    why: fixture.why ?? fixture.clause,
    expected: fixture.expected.strict,
    ours: verdict(ours.valid),
    codes,
    theirs: theirVerdict(JSON.parse(text), fixture.ivmsVersion),
    reshaped: theirVerdict(inTheirShape(JSON.parse(text), fixture.ivmsVersion), fixture.ivmsVersion),
  }
})

type Who = 'ours' | 'theirs' | 'reshaped'

const total = (who: Who) =>
  `${rows.filter((row) => row[who] === row.expected).length} | ${wrong(who, 'valid')} | ${wrong(who, 'invalid')}`

console.log(`# IVMS 101: our verdicts beside those of the npm package \`ivms101\` ${version}

Made by \`node bench/ivms101-compare.ts > docs/ivms101-comparison.md\` from the ${rows.length} vectors of \`tests/vectors/ivms101\` (empty
strings as values, profile \`interop\`). The package has one shape of its own (flat VASPs, \`customerNumber\` on natural persons of
2020) and binds beneficiaries by C1, against the standard's own examples, so that it refuses nearly every vector as it stands.
The last column is its verdict when a vector is first put into its shape and beneficiaries are given a customer number. A
verdict in **bold** differs from the expected one.

| of ${rows.length} | right | accepts what is wrong | refuses what is right |
|---|---|---|---|
| Tamga | ${total('ours')} |
| npm \`ivms101\` ${version}, vectors as they are | ${total('theirs')} |
| npm \`ivms101\` ${version}, vectors in its shape | ${total('reshaped')} |

| vector | idea | expected | Tamga | our codes | npm, as it is | npm, in its shape |
|---|---|---|---|---|---|---|`)
for (const row of rows) {
  const mark = (given: string) => (given === row.expected ? given : `**${given}**`)
  console.log(
    `| ${row.name} | ${row.why} | ${row.expected} | ${mark(row.ours)} | ${row.codes} | ${mark(row.theirs)} | ${mark(row.reshaped)} |`,
  )
}

function wrong(who: Who, given: string): number {
  return rows.filter((row) => row[who] === given && row.expected !== given).length
}

function verdict(valid: boolean): 'valid' | 'invalid' {
  return valid ? 'valid' : 'invalid'
}

function theirVerdict(payload: unknown, edition: Fixture['ivmsVersion']): string {
  const schema = edition === '2023' ? IVMS101_2023Schema : IVMS101_2020Schema
  try {
    return verdict(schema.safeParse(payload).success)
  } catch {
    return 'crash'
  }
}

function inTheirShape(payload: unknown, edition: Fixture['ivmsVersion']): unknown {
  if (!isRecord(payload)) return payload
  for (const name of ['originatingVASP', 'beneficiaryVASP']) {
    const entity = payload[name]
    if (isRecord(entity) && name in entity) payload[name] = entity[name]
  }
  const customer = edition === '2023' ? 'customerIdentification' : 'customerNumber'
  for (const natural of naturalPersons(payload['originator'])) {
    if (!('customerIdentification' in natural)) continue
    const { customerIdentification } = natural
    delete natural['customerIdentification']
    natural[customer] = customerIdentification
  }
  for (const natural of naturalPersons(payload['beneficiary'])) natural[customer] ??= 'CUST1'
  return payload
}

function naturalPersons(party: unknown): Record<string, unknown>[] {
  if (!isRecord(party)) return []
  return Object.values(party)
    .flat()
    .map((person: unknown) => (isRecord(person) ? person['naturalPerson'] : undefined))
    .filter(isRecord)
}

function isRecord(json: unknown): json is Record<string, unknown> {
  return typeof json === 'object' && json !== null
}
