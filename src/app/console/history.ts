/** What happened to a transfer, in one line of time: events, messages with their signatures, notes, reveals. */
import type { HoldNote } from '../ports.ts'

export interface RecordedMessage {
  readonly direction: 'sent' | 'received'
  readonly type: string
  readonly jti: string
  readonly at: Date
  readonly envelope: string
  readonly receipt: string | undefined
  readonly receiptAt: Date | undefined
}

export interface HistoryEvent {
  readonly id: string
  readonly version: number
  /** As it was recorded, perhaps by a newer replica. */
  readonly type: string
  readonly actor: string
  readonly data: Readonly<Record<string, string | number | boolean>>
  readonly at: Date
}

export interface RecordedReveal {
  readonly id: string
  readonly person: string
  readonly purpose: string
  readonly fields: readonly string[]
  readonly at: Date
}

export interface RecordedRuling {
  readonly decision: string
  readonly packs: readonly { readonly rule: string; readonly version: string; readonly hash: string }[]
}

export interface History {
  readonly events: readonly HistoryEvent[]
  readonly messages: readonly RecordedMessage[]
  readonly reveals: readonly RecordedReveal[]
  /** The newest. */
  readonly ruling: RecordedRuling | undefined
}

export interface MessageFacts {
  readonly direction: 'sent' | 'received'
  readonly type: string
  readonly jti: string
  readonly signer: string
  readonly kid: string
  /** Nothing is stored as a message before its signature was verified; our own we made. */
  readonly signature: 'own' | 'verified'
  readonly verifiedAt: Date
  readonly receipt: { readonly at: Date; readonly kid: string; readonly outcome: string } | undefined
}

export interface TimelineEntry {
  readonly id: string
  readonly at: Date
  readonly kind: 'message' | 'check' | 'person' | 'system' | 'counterparty' | 'clock'
  readonly type: string
  readonly actor: string
  readonly version: number | undefined
  readonly data: Readonly<Record<string, string | number | boolean>>
  readonly message?: MessageFacts
  readonly note?: string
}

export function timelineOf(
  vaspId: string,
  history: History,
  notes: readonly HoldNote[],
): readonly TimelineEntry[] {
  const entries = [
    // A note stands there itself.
    ...history.events.filter(({ type }) => type !== 'hold-commented').map(eventEntry),
    ...history.messages.map((message) => messageEntry(vaspId, message)),
    ...notes.map(noteEntry),
    ...history.reveals.map(revealEntry),
  ]
  return entries.toSorted((a, b) => a.at.getTime() - b.at.getTime() || (a.version ?? 0) - (b.version ?? 0))
}

/** Findings open holds; whoever else acts is in `actor`. */
function eventEntry({ id, version, type, actor, data, at }: HistoryEvent): TimelineEntry {
  return { id: `event-${id}`, at, kind: kindOf(type, actor), type, actor, version, data }
}

function kindOf(type: string, actor: string): TimelineEntry['kind'] {
  if (type === 'hold-opened') return 'check'
  if (actor.startsWith('person:')) return 'person'
  if (actor.startsWith('counterparty:')) return 'counterparty'
  return actor === 'clock' ? 'clock' : 'system'
}

function messageEntry(vaspId: string, message: RecordedMessage): TimelineEntry {
  const facts = factsOf(vaspId, message)
  return {
    id: `message-${message.direction}-${message.jti}`,
    at: message.at,
    kind: 'message',
    type: message.type,
    actor: message.direction === 'sent' ? 'system' : `counterparty:${facts.signer}`,
    version: undefined,
    data: {},
    message: facts,
  }
}

function factsOf(vaspId: string, message: RecordedMessage): MessageFacts {
  const { direction, type, jti, at, envelope, receipt, receiptAt } = message
  const own = headOf(envelope)
  const answer = receipt === undefined ? undefined : headOf(receipt)
  return {
    direction,
    type,
    jti,
    signer: direction === 'sent' ? vaspId : textOf(own.claims, 'iss'),
    kid: textOf(own.header, 'kid'),
    signature: direction === 'sent' ? 'own' : 'verified',
    verifiedAt: at,
    receipt: answer && {
      at: receiptAt ?? at,
      kid: textOf(answer.header, 'kid'),
      outcome: [textOf(answer.claims, 'status'), textOf(answer.claims, 'reason')]
        .filter((word) => word !== '')
        .join(' '),
    },
  }
}

/** Header and claims of a compact JWS that was verified before it was stored. */
function headOf(jws: string) {
  const [header = '', claims = ''] = jws.split('.')
  return { header: jsonOf(header), claims: jsonOf(claims) }
}

function jsonOf(part: string): object {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    // Altered in the database: what it says is not shown, and the log's examination names it.
    return {}
  }
}

function textOf(members: object, name: string): string {
  const value: unknown = Object.entries(members).find(([key]) => key === name)?.[1]
  return typeof value === 'string' ? value : ''
}

function noteEntry({ id, holdId, person, text, writtenAt }: HoldNote): TimelineEntry {
  return {
    id: `note-${id}`,
    at: writtenAt,
    kind: 'person',
    type: 'note',
    actor: `person:${person}`,
    version: undefined,
    data: { hold_id: holdId },
    note: text,
  }
}

function revealEntry({ id, person, purpose, fields, at }: RecordedReveal): TimelineEntry {
  return {
    id: `reveal-${id}`,
    at,
    kind: 'person',
    type: 'reveal',
    actor: `person:${person}`,
    version: undefined,
    data: { purpose, fields: fields.length },
  }
}
