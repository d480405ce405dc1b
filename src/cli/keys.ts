/** `tamga keys`: the signing and sealing keys of the local VASPs, on a gateway's host with its environment. */
import { userInfo } from 'node:os'
import type { AuditEntry } from '../app/ports.ts'
import { loadConfig } from '../config.ts'
import { openKeyStore } from '../open-key-store.ts'
import { loadVasps } from '../vasps.ts'
import { only, readArguments, required, whole } from './client/arguments.ts'
import { chosenVasps, type Host, onHost } from './client/host.ts'
import { commandOfVerbs, type Verb } from './client/verbs.ts'
import { type ExitCode, type Io, UsageError } from './command.ts'
import { announceCard, awaitReceipts, type Desk, type Told } from './keys/announce.ts'
import { keyJson, keyLine } from './keys/describe.ts'
import { destroyKey, type EndOrder, revokeKey } from './keys/end.ts'
import { rewrap, rotateKek } from './keys/kek.ts'
import { checkOwner, rotateKeys, rotationAudit } from './keys/rotate.ts'

/** Envelopes live for 8 days at most: what the old key signed can always be verified. */
const OVERLAP_SECONDS = 8 * 86_400
/** Verifiers of permits may go by a key set of five minutes ago; a counterparty may be away for longer. */
const LEAD_SECONDS = 3_600
/** The card must be signed by the old key, and received. */
const LEAD_SECONDS_MIN = 10
const DAY = 86_400
/** How long a revocation waits for the counterparties to know; the card goes on without it. */
const ANNOUNCE_MILLISECONDS = 60_000

const OPTIONS = { vasp: { type: 'string' }, json: { type: 'boolean', default: false } } as const

const list: Verb = {
  usage: '[--vasp ID] [--json]',
  async run(args, io) {
    const { values } = readArguments(args, OPTIONS)
    const config = loadConfig(io.env)
    const store = await openKeyStore(config)
    const ids = values.vasp === undefined ? [...loadVasps(config.vaspsFile).keys()] : [values.vasp]
    const now = new Date()
    const all = await Promise.all(ids.map((id) => store.publicKeys(id)))
    if (values.json)
      io.out(JSON.stringify({ keys: all.flatMap((keys) => keys.map((key) => keyJson(key, keys, now))) }))
    else for (const keys of all) for (const key of keys) io.out(keyLine(key, keys, now))
    if (all.flat().length > 0) return 0
    io.err(`tamga: no keys in ${config.keysDirectory}; the gateway makes them at its first start`)
    return 1
  },
}

const rotate: Verb = {
  usage: '--vasp ID [--use sig|enc|kek] [--lead SECONDS] [--overlap SECONDS] [--json]',
  async run(args, io) {
    const { values } = readArguments(args, {
      ...OPTIONS,
      use: { type: 'string' },
      lead: { type: 'string', default: String(LEAD_SECONDS) },
      overlap: { type: 'string', default: String(OVERLAP_SECONDS) },
    })
    const { vasp: vaspId } = required('keys rotate', values, ['vasp'])
    if (values.use === 'kek') return withKek(io, vaspId, values.json, rotateKek)
    const options = {
      vaspId,
      uses: usesOf(values.use),
      leadSeconds: whole('--lead', values.lead, LEAD_SECONDS_MIN, 30 * DAY),
      overlapSeconds: whole('--overlap', values.overlap, 60, 400 * DAY),
    }
    return atDesk(io, vaspId, async (desk, directory) => {
      await checkOwner(directory)
      const made = await rotateKeys(desk.keyStore, options)
      const from = made[0]?.notBefore ?? new Date()
      if (!values.json)
        for (const { kid, use, notBefore } of made)
          io.out(`new ${use} key ${kid}, used from ${notBefore.toISOString()}`)
      return announce(
        desk,
        { vaspId, json: values.json, until: from, audit: rotationAudit(made, operator()) },
        io,
      )
    })
  },
}

const rewrapping: Verb = {
  usage: '--vasp ID [--json]',
  async run(args, io) {
    const { values } = readArguments(args, OPTIONS)
    const { vasp: vaspId } = required('keys rewrap', values, ['vasp'])
    return withKek(io, vaspId, values.json, rewrap)
  },
}

function withKek(io: Io, vaspId: string, json: boolean, work: typeof rewrap): Promise<ExitCode> {
  return atDesk(io, vaspId, async (desk, directory) => {
    await checkOwner(directory)
    return work(desk, { vaspId, actor: operator(), json }, io)
  })
}

const ENDING = { ...OPTIONS, person: { type: 'string' }, reason: { type: 'string' } } as const
/** Into the audit log, and so for ever. */
const REASON = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$/

function endOf(command: string, args: readonly string[]): EndOrder & { readonly json: boolean } {
  const { values, positionals } = readArguments(args, ENDING)
  const { vasp: vaspId, person, reason } = required(command, values, ['vasp', 'person', 'reason'])
  if (!REASON.test(reason))
    throw new UsageError('--reason is a code or a case number, as in STOLEN or CASE-17')
  const kid = only(command, 'kid', positionals)
  return { vaspId, kid, actor: `person:${person}`, reason, json: values.json }
}

const revoke: Verb = {
  usage: '--vasp ID --person SUBJECT --reason CODE [--json] KID',
  async run(args, io) {
    const order = endOf('keys revoke', args)
    return atDesk(io, order.vaspId, async (desk, directory) => {
      await checkOwner(directory)
      const { key, successor, byHand } = await revokeKey(desk, order)
      if (!order.json) {
        io.out(`revoked ${key.use} key ${key.kid}`)
        if (successor !== undefined) io.out(`new ${successor.use} key ${successor.kid}, used from now`)
      }
      if (byHand) {
        io.err(
          'no counterparty has pinned the new signing key: have each suspend you, compare its thumbprint by telephone, and import the new card',
        )
        if (order.json) io.out(JSON.stringify({ vasp_id: order.vaspId, revoked: key.kid, by_hand: true }))
        return 1
      }
      const until = new Date(Date.now() + ANNOUNCE_MILLISECONDS)
      return announce(desk, { vaspId: order.vaspId, json: order.json, until, audit: [] }, io)
    })
  },
}

const destroy: Verb = {
  usage: '--vasp ID --person SUBJECT --reason CODE [--json] KID',
  async run(args, io) {
    const order = endOf('keys destroy', args)
    return atDesk(io, order.vaspId, async (desk, directory) => {
      await checkOwner(directory)
      await destroyKey(desk, order)
      io.out(
        order.json
          ? JSON.stringify({ vasp_id: order.vaspId, destroyed: order.kid })
          : `destroyed ${order.kid}`,
      )
      return 0
    })
  },
}

const resend: Verb = {
  usage: '--vasp ID [--wait SECONDS] [--json]',
  async run(args, io) {
    const { values } = readArguments(args, { ...OPTIONS, wait: { type: 'string', default: '60' } })
    const { vasp: vaspId } = required('keys announce', values, ['vasp'])
    const until = new Date(Date.now() + whole('--wait', values.wait, 0, DAY) * 1000)
    const audit = [{ kind: 'keys.announced', actor: operator(), subject: vaspId, data: {} }]
    return atDesk(io, vaspId, (desk) => announce(desk, { vaspId, json: values.json, until, audit }, io))
  },
}

interface AnnounceOptions {
  readonly vaspId: string
  readonly json: boolean
  readonly until: Date
  readonly audit: readonly AuditEntry[]
}

async function announce(desk: Desk, options: AnnounceOptions, io: Io): Promise<ExitCode> {
  const { vaspId, until } = options
  const announcement = await announceCard(desk, vaspId, options.audit)
  const count = announcement.sent.length
  io.err(
    `the new card is on its way to ${count} counterpart${count === 1 ? 'y' : 'ies'}; waiting for receipts until ${until.toISOString()} at most (it goes on without this command)`,
  )
  const told = await awaitReceipts(desk.pool, vaspId, announcement, until)
  const keys = await desk.keyStore.publicKeys(vaspId)
  const now = new Date()
  if (options.json) {
    io.out(
      JSON.stringify({
        vasp_id: vaspId,
        keys: keys.map((key) => keyJson(key, keys, now)),
        counterparties: told,
        without_sealing_key: announcement.unsealable,
      }),
    )
  } else {
    for (const { counterparty, state } of told) io.out(`${counterparty}  ${MEANING[state]}`)
    for (const id of announcement.unsealable)
      io.out(`${id}  not sent: it has no valid sealing key on file; give it the card by hand`)
  }
  return told.every(({ state }) => state === 'receipted') && announcement.unsealable.length === 0 ? 0 : 1
}

const MEANING: { readonly [S in Told['state']]: string } = {
  receipted: 'has it',
  waiting:
    'has not receipted it yet: it is being sent again; what the new key signs waits there until it comes',
  refused: 'refused it: ask it to look at its security events, and compare thumbprints',
  expired: 'did not get it in time; tamga keys announce sends it again',
}

function atDesk(
  io: Io,
  vaspId: string,
  work: (desk: Host, keysDirectory: string) => Promise<ExitCode>,
): Promise<ExitCode> {
  return onHost(io, async (host, keysDirectory) => {
    chosenVasps(host, vaspId)
    // Before any key is made: a key whose card nobody gets would silence the VASP.
    await host.pool.query('select from outbox limit 1')
    return work(host, keysDirectory)
  })
}

function usesOf(use: string | undefined): readonly ('sig' | 'enc')[] {
  if (use === undefined) return ['sig', 'enc']
  if (use === 'sig' || use === 'enc') return [use]
  throw new UsageError('--use is sig, enc or kek')
}

/** Whoever may run this may do all that the gateway may: the name is for the reader of the audit log, not proof. */
function operator(): string {
  return `operator:${userInfo().username}`
}

export const command = commandOfVerbs({
  name: 'keys',
  summary: "Lists this gateway's keys; rotates them and tells every counterparty, losing nothing in flight.",
  verbs: { list, rotate, announce: resend, rewrap: rewrapping, revoke, destroy },
  fallback: 'list',
  common: '',
})
