/**
 * Migrations run while replicas of the version before are still at work, so each may only add: what the older code reads and writes stays
 * as it is, and no table is locked for longer than a moment. Rules by statement; exceptions by file, with why.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const DIRECTORY = 'src/postgres/migrations'
const FILES = readdirSync(DIRECTORY).toSorted()

const BEFORE_FIRST = 'written before the first release, when there was no data to lock'
/** Statements, as `offences` tells them, that are all right all the same. */
const EXCEPTIONS: { readonly [file: string]: { readonly [offence: string]: string } } = {
  '0005_audit_log.sql': { 'alter column leaves set storage external': 'of a table that the same file makes' },
  '0006_four_eyes.sql': { 'index holds_assigned on a table with data': BEFORE_FIRST },
  '0012_break_glass.sql': { 'index transfer_events_break_glass on a table with data': BEFORE_FIRST },
  '0016_diligence.sql': {
    'drop trigger transfers_counterparty_free on transfers':
      'the same file makes it anew, in the same transaction',
  },
  '0018_deposits.sql': { 'index transfers_deposits on a table with data': BEFORE_FIRST },
  '0022_console.sql': {
    'index holds_newest on a table with data': BEFORE_FIRST,
    'index holds_opened on a table with data': BEFORE_FIRST,
    'index transfers_reference on a table with data': BEFORE_FIRST,
    'index transfers_state on a table with data': BEFORE_FIRST,
    'index outbox_failed on a table with data': BEFORE_FIRST,
  },
  '0025_retention.sql': { 'index transfers_ended on a table with data': BEFORE_FIRST },
}

/** The statements of a file, without comments, in one line each. */
function statementsOf(sql: string): string[] {
  const statements: string[] = []
  let statement = ''
  // Bodies in dollar quotes, texts and comments may hold anything.
  for (const [token = ''] of sql.matchAll(/--[^\n]*|\$\$[^]*?\$\$|'(?:[^']|'')*'|;|[^;'$-]+|[$-]/g)) {
    if (token.startsWith('--')) continue
    if (token === ';') {
      statements.push(statement.replace(/\s+/g, ' ').trim().toLowerCase())
      statement = ''
    } else statement += token
  }
  const rest = statement.trim()
  return rest === '' ? statements : [...statements, rest.toLowerCase()]
}

/** The parts between commas outside parentheses. */
function partsOf(text: string): string[] {
  let depth = 0
  return text
    .split(/(?<=[,()])|(?=[,()])/)
    .reduce<string[]>(
      (parts, token) => {
        if (token === '(') depth++
        if (token === ')') depth--
        return token === ',' && depth === 0
          ? [...parts, '']
          : [...parts.slice(0, -1), `${parts.at(-1) ?? ''}${token}`]
      },
      [''],
    )
    .map((part) => part.trim())
}

/** What of one statement older code, or a busy table, would feel. `made`: tables of the same file, which nobody uses yet. */
function offencesOf(statement: string, made: ReadonlySet<string>): string[] {
  const altered = /^alter table (?:only )?(\w+) (.*)$/.exec(statement)
  if (altered !== null) return partsOf(altered[2] ?? '').flatMap(alteration)
  const index = /^create (?:unique )?index (?:concurrently )?(\w+) on (\w+)/.exec(statement)
  if (index !== null) return made.has(index[2] ?? '') ? [] : [`index ${index[1]} on a table with data`]
  const added =
    /^(?:create (?:(?:unlogged )?table|function|trigger|constraint trigger|view|type|sequence) |insert into |comment on )/
  return added.test(statement) ? [] : [statement]
}

function alteration(part: string): string[] {
  const column = /^add column (\w+) (.*)$/.exec(part)
  // A constant default costs nothing (PostgreSQL 11 on); older code does not name the column.
  if (column !== null)
    return column[2]?.includes('not null') === true && !/ default ['\d{]/.test(column[2])
      ? [`${column[1]} must be given, and older code does not`]
      : []
  return /^add constraint \w+ .* not valid$/.test(part) ? [] : [part]
}

function offences(sql: string): string[] {
  const statements = statementsOf(sql)
  const made = new Set(statements.flatMap((one) => /^create (?:unlogged )?table (\w+)/.exec(one)?.[1] ?? []))
  return statements.flatMap((statement) => offencesOf(statement, made))
}

describe('migrations', () => {
  it('are numbered, each number once, and there is at least one', () => {
    expect(FILES.length).toBeGreaterThan(20)
    for (const file of FILES) expect(file).toMatch(/^\d{4}_\w+\.sql$/)
    expect(new Set(FILES.map((file) => file.slice(0, 4))).size).toBe(FILES.length)
  })

  it.each(FILES)('%s only adds, so that the version before goes on working', (file) => {
    const found = offences(readFileSync(join(DIRECTORY, file), 'utf8'))
    expect(found.filter((one) => EXCEPTIONS[file]?.[one] === undefined)).toEqual([])
  })

  it('have no exception that nothing needs', () => {
    const needed = Object.keys(EXCEPTIONS).map((file) => [
      file,
      new Set(offences(readFileSync(join(DIRECTORY, file), 'utf8'))),
    ])
    const listed = Object.entries(EXCEPTIONS).map(([file, all]) => [file, new Set(Object.keys(all))])
    expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(needed))
  })
})

describe('the rules', () => {
  it.each([
    ['a table gone', 'drop table outbox;'],
    ['a table renamed', 'alter table outbox rename to outgoing;'],
    ['a column gone', 'alter table outbox drop column seq;'],
    ['a column renamed', 'alter table outbox rename column seq to number;'],
    ['another type', 'alter table outbox alter column seq type bigint;'],
    ['a column that must be given', 'alter table outbox add column lane text not null;'],
    ['one beside a harmless one', 'alter table outbox add column a text, alter column seq set not null;'],
    [
      'a default that every row is written for',
      'alter table outbox add column a uuid not null default gen_random_uuid();',
    ],
    ['a constraint that every row is checked for', 'alter table outbox add constraint c check (seq > 0);'],
    ['an index whose building keeps writers out', 'create index i on outbox (seq);'],
    ['rows changed', "update outbox set state = 'waiting';"],
    ['rows gone', 'delete from outbox;'],
    [
      'an older function replaced',
      'create or replace function f() returns int language sql as $$ select 1; $$;',
    ],
    [
      'something after a body with semicolons',
      "create function f() returns int language sql as $$ select ';'; $$; drop table t;",
    ],
  ])('find %s', (_, sql) => {
    expect(offences(sql)).toHaveLength(1)
  })

  it.each([
    'create table t (a text not null); create index i on t (a); alter table t add column b text;',
    "alter table outbox add column lane text, add column n integer not null default 0, add column j jsonb not null default '{}';",
    'alter table outbox add constraint c check (seq > 0) not valid;',
    '-- drop table outbox;\ncreate function f() returns int language sql as $$ select 1; $$;',
    "insert into notes (text) values ('drop table outbox; -- no');",
  ])('let pass: %s', (sql) => {
    expect(offences(sql)).toEqual([])
  })
})
