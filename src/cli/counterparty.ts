/** `tamga counterparty`: what an officer does before and while transfers go to another VASP. */
import { createHash, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Counterparty } from '../gen/travelrule/v1/counterparty.ts'
import { ProofKind, Verdict } from '../gen/travelrule/v1/counterparty.ts'
import type { GatewayClient } from '../grpc/client.ts'
import { instant, only, readArguments, readBytes, readText, required, whole } from './client/arguments.ts'
import { COMPARE, cardJson, cardLines, fetchCard, soundCard } from './client/card.ts'
import { counterpartyJson } from './client/json.ts'
import { CONNECTION_OPTIONS, CONNECTION_USAGE, profileOf, vaspOf } from './client/profile.ts'
import { pageLines, type Session, withGateway } from './client/session.ts'
import { counterpartyLines, counterpartyRow } from './client/show-counterparty.ts'
import { commandOfVerbs, type Verb } from './client/verbs.ts'
import { UsageError } from './command.ts'
import { approve, decide, questionnaire, tasks, terms } from './counterparty/diligence.ts'
import { lookup } from './counterparty/lookup.ts'
import { report } from './counterparty/report.ts'

const card: Verb = {
  usage: '[VASP] [--url URL]',
  async run(args, io) {
    const { values, positionals } = readArguments(args, { ...CONNECTION_OPTIONS, url: { type: 'string' } })
    if (positionals.length > 1) throw new UsageError('counterparty card takes one VASP id')
    const url = values.url ?? profileOf(values, 'console').http
    if (url === undefined)
      throw new UsageError(
        'this profile has no http address; give --url, as in --url https://gateway.example',
      )
    const token = await fetchCard(url, positionals[0] ?? vaspOf(values))
    const sound = await soundCard(token)
    io.out(values.json ? JSON.stringify(cardJson(sound, token)) : token)
    // Beside the card, so that `> bob.card` writes the card and shows what to read out to the other side.
    if (!values.json) for (const line of cardLines(sound)) io.err(line)
    return 0
  },
}

const importCard: Verb = {
  usage: 'CARDFILE --person SUBJECT [--request-id ID]',
  async run(args, io) {
    const { values, positionals } = readArguments(args, CHANGE)
    const token = readText(only('counterparty import', 'card file', positionals)).trim()
    const { person } = required('counterparty import', values, ['person'])
    const sound = await soundCard(token)
    if (!values.json) for (const line of cardLines(sound)) io.out(line)
    return withGateway(values, 'console', io, async (session) => {
      const request = {
        requestId: values['request-id'] ?? randomUUID(),
        card: token,
        person: { subject: person },
      }
      const { counterparty } = await session.client.counterparties.importCounterparty(request)
      io.err(COMPARE)
      shown(session, counterparty)
      return 0
    })
  },
}

const list: Verb = {
  usage: '[--limit N] [--page TOKEN]',
  run(args, io) {
    const { values } = readArguments(args, {
      ...CONNECTION_OPTIONS,
      limit: { type: 'string', default: '50' },
      page: { type: 'string' },
    })
    const request = { pageSize: whole('--limit', values.limit, 1, 200), pageToken: values.page ?? '' }
    return withGateway(values, 'console', io, async ({ client, answer }) => {
      const { counterparties, nextPageToken } = await client.counterparties.listCounterparties(request)
      const none = 'no counterparties; tamga counterparty import CARDFILE adds one'
      const lines = pageLines(counterparties.map(counterpartyRow), none, nextPageToken)
      answer({ counterparties: counterparties.map(counterpartyJson), next_page_token: nextPageToken }, lines)
      return 0
    })
  },
}

const get: Verb = {
  usage: 'VASP',
  run(args, io) {
    const { values, positionals } = readArguments(args, CONNECTION_OPTIONS)
    const vaspId = only('counterparty get', 'VASP id', positionals)
    return withGateway(values, 'console', io, async (session) => {
      shown(session, (await session.client.counterparties.getCounterparty({ vaspId })).counterparty)
      return 0
    })
  },
}

const verify: Verb = {
  usage:
    'VASP --person SUBJECT [--licence REF [--perimeter AIFC|NATIONAL]] [--due-diligence REF] [--document FILE] [--expires DATE] [--wait SECONDS] [--request-id ID]',
  run(args, io) {
    const { values, positionals } = readArguments(args, {
      ...CHANGE,
      licence: { type: 'string' },
      'due-diligence': { type: 'string' },
      document: { type: 'string' },
      perimeter: { type: 'string' },
      expires: { type: 'string' },
      wait: { type: 'string', default: '10' },
    })
    const vaspId = only('counterparty verify', 'VASP id', positionals)
    const { person } = required('counterparty verify', values, ['person'])
    const attestations = [
      ...attested(ProofKind.LICENCE, values.licence, values, values.perimeter),
      ...attested(ProofKind.DUE_DILIGENCE, values['due-diligence'], values),
    ]
    const seconds = whole('--wait', values.wait, 0, 600)
    const requestId = values['request-id'] ?? randomUUID()
    const request = { requestId, vaspId, attestations, person: { subject: person } }
    return withGateway(values, 'console', io, async (session) => {
      const { counterparty } = await session.client.counterparties.verifyCounterparty(request)
      const now = await afterPong(session.client, counterparty, seconds)
      shown(session, now)
      return now?.verdict === Verdict.VERIFIED ? 0 : 1
    })
  },
}

/** The document stays here; its hash goes into the proof. */
function attested(
  kind: ProofKind,
  reference: string | undefined,
  { expires, document }: { readonly expires?: string | undefined; readonly document?: string | undefined },
  perimeter = '',
) {
  if (reference === undefined) return []
  if (expires === undefined) throw new UsageError('an attestation needs --expires, at most two years ahead')
  const documentSha256 =
    document === undefined ? '' : createHash('sha256').update(readBytes(document)).digest('hex')
  return [{ kind, reference, expiresAt: instant('--expires', expires), documentSha256, perimeter }]
}

const PONG_POLL_MILLISECONDS = 200

/** The verdict once the ping is answered, or after `seconds`. */
async function afterPong(
  client: GatewayClient,
  counterparty: Counterparty | undefined,
  seconds: number,
): Promise<Counterparty | undefined> {
  const until = performance.now() + seconds * 1000
  let latest = counterparty
  while (latest?.missing.includes(ProofKind.REACHABILITY) === true && performance.now() < until) {
    await sleep(PONG_POLL_MILLISECONDS)
    latest = (await client.counterparties.getCounterparty({ vaspId: latest.vaspId })).counterparty
  }
  return latest
}

const suspend: Verb = {
  usage: 'VASP --reason CODE --person SUBJECT [--request-id ID]',
  run(args, io) {
    const { values, positionals } = readArguments(args, { ...CHANGE, reason: { type: 'string' } })
    const vaspId = only('counterparty suspend', 'VASP id', positionals)
    const { person, reason } = required('counterparty suspend', values, ['reason', 'person'])
    const requestId = values['request-id'] ?? randomUUID()
    const request = { requestId, vaspId, reason, person: { subject: person } }
    return withGateway(values, 'console', io, async ({ client, answer }) => {
      const { counterparty, transfersHeld } = await client.counterparties.suspendCounterparty(request)
      answer({ ...(counterparty && counterpartyJson(counterparty)), transfers_held: transfersHeld }, [
        ...(counterparty === undefined ? [] : counterpartyLines(counterparty)),
        `${transfersHeld} open transfer(s) held because of it`,
      ])
      return 0
    })
  },
}

const reinstate: Verb = {
  usage: 'VASP --person SUBJECT [--request-id ID]',
  run(args, io) {
    const { values, positionals } = readArguments(args, CHANGE)
    const vaspId = only('counterparty reinstate', 'VASP id', positionals)
    const { person } = required('counterparty reinstate', values, ['person'])
    const request = { requestId: values['request-id'] ?? randomUUID(), vaspId, person: { subject: person } }
    return withGateway(values, 'console', io, async (session) => {
      shown(session, (await session.client.counterparties.reinstateCounterparty(request)).counterparty)
      return 0
    })
  },
}

function shown({ answer }: Session, counterparty: Counterparty | undefined): void {
  if (counterparty === undefined) throw new Error('the gateway answered without a counterparty')
  answer(counterpartyJson(counterparty), counterpartyLines(counterparty))
}

const CHANGE = {
  ...CONNECTION_OPTIONS,
  person: { type: 'string' },
  'request-id': { type: 'string' },
} as const

export const command = commandOfVerbs({
  name: 'counterparty',
  summary:
    'Fetches and imports cards, attests proofs, lists, suspends and reinstates counterparties; their questionnaires, limits, tasks and reports.',
  verbs: {
    card,
    import: importCard,
    lookup,
    list,
    get,
    verify,
    suspend,
    reinstate,
    questionnaire,
    terms,
    tasks,
    decide,
    approve,
    report,
  },
  common: CONNECTION_USAGE,
})
