/** What `tamga doctor` concludes from a database in which work does not get done. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkClock, checkSchema, checkWork } from '../../src/cli/doctor/database.ts'
import { checkProvider } from '../../src/cli/doctor/provider.ts'
import { openLoginProvider } from '../support/oidc-login.ts'
import { freshDatabase } from '../support/postgres.ts'

let database: Awaited<ReturnType<typeof freshDatabase>>

beforeAll(async () => {
  database = await freshDatabase()
})

afterAll(() => database?.drop())

const TRANSFER = '01990000-0000-7000-8000-000000000001'
const HOLD = '01990000-0000-7000-8000-00000000000'

async function findings(): Promise<string[]> {
  return (await checkWork(database.pool)).map(({ code, subject, message }) => `${code} ${subject} ${message}`)
}

describe('a database in order', () => {
  it('gives no finding', async () => {
    expect(await findings()).toEqual([])
    expect(await checkSchema(database.pool)).toEqual([])
    expect(await checkClock(database.pool)).toEqual([])
  })
})

describe('work that does not get done', () => {
  it('is told by VASP, with how much and since when', async () => {
    const { pool } = database
    await pool.query(
      `insert into transfers (vasp_id, id, role, state, version, own_seq, peer_seq, asset, amount, exempt, data, secret,
                              address_index, next_clock_at, created_at, updated_at)
       values ('alice', $1, 'originator', 'accepted', 1, 1, 1, 'a', '1', false, $2, '', '', now() - interval '1 hour', now(), now())`,
      [TRANSFER, { settlementDue: new Date(Date.now() - 3_600_000) }],
    )
    await pool.query(
      `insert into holds (vasp_id, id, transfer_id, reason, finding, state, opened_at, deadline, outcome, overdue)
       select 'alice', ($1 || n)::uuid, $2, reason, '{}', 'open', now() - interval '2 days', now() + late, 'KEEP_HOLDING', false
         from (values (1, 'POLICY', interval '-1 day'), (2, 'MANUAL', interval '1 day'), (3, 'SETTLEMENT_OVERDUE', interval '1 day'))
              as held(n, reason, late)`,
      [HOLD, TRANSFER],
    )
    await pool.query(
      `insert into outbox (vasp_id, jti, receiver, kind, type, envelope, state, attempt, next_attempt_at, expires_at, created_at)
       select 'alice', state || age, 'bob', 'env', 'ping', '', state, 1, now(), now(), now() - age
         from (values ('waiting', interval '1 hour'), ('waiting', interval '2 hours'), ('waiting', interval '1 minute'),
                      ('receipted', interval '1 hour')) as sent(state, age)`,
    )
    await pool.query(
      `insert into outbox (vasp_id, jti, receiver, kind, type, envelope, state, attempt, next_attempt_at, expires_at, closed_at, created_at)
       select 'alice', 's' || n, receiver, 'env', 'transfer.settled', '', state, 1, now(), now(), closed, now() - age
         from (values (1, 'carol', 'waiting', interval '1 hour', null), (2, 'carol', 'refused', interval '1 day', now()),
                      (3, 'carol', 'receipted', interval '1 day', now()), (4, 'dave', 'waiting', interval '1 minute', null))
              as sent(n, receiver, state, age, closed)`,
    )
    await pool.query(
      `insert into inbox (vasp_id, iss, jti, sha256, type, envelope, receipt, received_at)
       values ('alice', 'bob', 'i1', '', 'ping', '', '', now() - interval '3 hours'),
              ('alice', 'carol', 'i2', '', 'ping', '', '', now())`,
    )
    await pool.query(
      `insert into webhook_endpoints (vasp_id, id, kind, url, data_key, secret, cursor_xid, cursor_seq, disabled_reason, disabled_at,
                                      failing_since, last_failure)
       select 'alice', ('01990000-0000-7000-8000-0000000000a' || n)::uuid, 'events', '', '', '', '0', 0, reason, at, failing, 'TIMEOUT'
         from (values (1, 'GONE', now(), null), (2, 'ADMIN', now(), null), (3, null, null, now() - interval '2 hours'),
                      (4, null, null, now() - interval '1 minute')) as hooks(n, reason, at, failing)`,
    )
    await pool.query(
      `insert into webhook_retries (vasp_id, endpoint_id, xid, seq, attempts, next_attempt_at, code)
       select 'alice', '01990000-0000-7000-8000-0000000000a4', '1', n, 10, at, 'HTTP_500'
         from (values (1, null), (2, null), (3, now())) as tried(n, at)`,
    )
    await pool.query(
      `insert into security_events (vasp_id, reason, subject, bytes, sha256, times, last_at)
       values ('bob', 'SIGNATURE', '', '', 'a', 3, now()), ('bob', 'SIGNATURE', '', '', 'b', 1, now()),
              ('bob', 'AUDIENCE', '', '', 'c', 1, now() - interval '2 days')`,
    )
    await pool.query(
      `insert into counterparties (vasp_id, id, legal_name, country, card, card_version, version)
       values ('alice', 'bob', 'Bob', 'LU', '', 1, 1)`,
    )
    await pool.query(
      `insert into counterparty_keys (vasp_id, counterparty_id, kid, use, alg, jwk, not_before, not_after)
       values ('alice', 'bob', 'old', 'sig', '', '{}', now(), now() + interval '1 day'),
              ('alice', 'bob', 'new', 'sig', '', '{}', now(), now() + interval '1 year'),
              ('alice', 'bob', 'enc', 'enc', '', '{}', now(), now() + interval '10 days')`,
    )
    // As after a dump was loaded into a new cluster.
    await pool.query(
      `insert into transfer_events (vasp_id, xid, transfer_id, version, type, actor, data, occurred_at)
       values ('alice', '999999999999', gen_random_uuid(), 1, 'created', 'clock', '{}', now())`,
    )
    expect(await findings()).toEqual([
      expect.stringMatching(/^OUTBOX_UNRECEIPTED alice 2 message\(s\) to bob without a receipt since/),
      expect.stringMatching(/^OUTBOX_UNRECEIPTED alice 1 message\(s\) to carol/),
      expect.stringMatching(/^CLOCKS_STOPPED alice 1 transfer/),
      expect.stringMatching(/^EVENTS_AHEAD alice 1 event/),
      expect.stringMatching(/^HOLDS_OVERDUE alice 1 POLICY hold/),
      expect.stringMatching(/^SETTLEMENT_OVERDUE alice 2 transfer/),
      expect.stringMatching(
        /^SETTLEMENT_UNRECEIPTED alice 2 transfer\(s\) settled whose transaction id carol/,
      ),
      expect.stringMatching(/^COUNTERPARTY_SILENT alice bob was last heard on/),
      expect.stringMatching(
        /^WEBHOOK_DISABLED alice webhook 01990000-0000-7000-8000-0000000000a1 GONE since/,
      ),
      expect.stringMatching(/^WEBHOOK_FAILING alice webhook .*a3 \(TIMEOUT\) takes nothing/),
      expect.stringMatching(/^WEBHOOK_GIVEN_UP alice 2 message\(s\) to webhook .*a4/),
      expect.stringMatching(/^SECURITY_EVENTS bob 4 message\(s\) refused as SIGNATURE/),
      expect.stringMatching(/^COUNTERPARTY_KEYS_ENDING alice the keys of bob end on/),
    ])
  })

  it('is not looked for in a schema of another version, whose migrations are named', async () => {
    const { pool } = database
    await pool.query(`update migrations set name = '9999_later.sql' where name = '0002_messages.sql'`)
    expect(await checkSchema(pool)).toEqual([
      {
        code: 'SCHEMA_BEHIND',
        subject: 'database',
        message: '0002_messages.sql not applied; run tamga migrate',
      },
      {
        code: 'SCHEMA_AHEAD',
        subject: 'database',
        message: '9999_later.sql unknown here; run the newer version',
      },
    ])
    await pool.query('drop table migrations')
    expect((await checkSchema(pool))[0]).toMatchObject({ code: 'SCHEMA_BEHIND' })
  })
})

describe('the identity provider', () => {
  const algorithms = ['ES256'] as const
  const client = { clientId: 'c', scopes: 'openid', sessionSeconds: 3_600 }
  const found = async (issuer: string, console?: typeof client) =>
    (
      await checkProvider({
        oidc: { issuer, audience: 'a', algorithms, rolesClaim: 'roles', personClaim: 'sub' },
        ...(console && {
          console: { listen: '', origin: undefined, tls: undefined, hasLocalSignIn: true, oidc: console },
        }),
      })
    ).map(({ code, subject }) => `${code} ${subject}`)

  it.each([
    ['of tokens', undefined],
    ['of the console’s sign-in', client],
  ])('%s is told of when it does not answer, or is another one', async (_, console) => {
    const provider = await openLoginProvider()
    try {
      await provider.serve('https://console.example')
      expect(await found(provider.issuer, console)).toEqual([])
      const other = provider.issuer.replace('localhost', '127.0.0.1')
      expect(await found(other, console)).toEqual([`IDENTITY_PROVIDER ${other}`])
      provider.pause()
      expect(await found(provider.issuer, console)).toEqual([`IDENTITY_PROVIDER ${provider.issuer}`])
    } finally {
      await provider.close()
    }
    expect(await checkProvider({})).toEqual([])
  })
})
