/** Deposits as the exchange reports them: matched, held without data, asked about, sent back. */
import { canonicalDecimal } from '../domain/decimal.ts'
import { Refusal } from '../domain/refusal.ts'
import type { Screening } from '../domain/screening/screening.ts'
import {
  depositSeen,
  inquire,
  joinInto,
  type NewDeposit,
  receiveDeposit,
  reportReturn,
} from '../domain/transfer/deposit.ts'
import { begin } from '../domain/transfer/step.ts'
import type { Transfer } from '../domain/transfer/transfer.ts'
import { canonicalTxId } from '../domain/tx-id.ts'
import { applyStep } from './apply-step.ts'
import { missingDataOf } from './check-rules.ts'
import type { DepositInput, Request, TransferUseCases } from './gateway.ts'
import { callerName, keyOf, once } from './idempotency.ts'
import { localVasp, type Parts } from './parts.ts'
import type { IdempotencyKey } from './ports.ts'
import { resolve } from './resolve-hint.ts'
import { screen } from './screen.ts'
import { loadTransfer } from './views.ts'

type DepositUseCases = Pick<TransferUseCases, 'reportDeposit' | 'inquireDeposit' | 'reportReturn'>

export function depositUseCases(parts: Parts): DepositUseCases {
  const load = (request: Request) => (id: string) => loadTransfer(parts, request.caller.vaspId, id)

  /** Changes one transfer, once per request. */
  function act(
    request: Request,
    transferId: string,
    decide: Parameters<typeof applyStep>[1]['decide'],
  ): ReturnType<DepositUseCases['reportReturn']> {
    const { vaspId } = request.caller
    const work = async () => {
      const step = { vaspId, transferId, actor: callerName(request), idempotency: keyOf(request), decide }
      return { outcome: (await applyStep(parts, step)).outcome, resourceId: transferId }
    }
    return once(parts.transfers, request, work, load(request))
  }

  return {
    async reportDeposit(request, given) {
      const { vaspId } = request.caller
      const input = {
        ...given,
        amount: canonicalDecimal(given.amount) ?? given.amount,
        txId: canonicalTxId(given.asset, given.txId),
      }
      const work = async (idempotency: IdempotencyKey) => {
        const known = await parts.transfers.matchDeposit(vaspId, {
          ...input,
          since: windowStart(parts, vaspId, input),
        })
        const by = { vaspId, actor: callerName(request), idempotency }
        if (known === undefined) return newDeposit(parts, by, input)
        const applied = await applyStep(parts, {
          ...by,
          transferId: known,
          decide: (current, ctx) => current && depositSeen(current, input.txId, ctx),
        })
        return { outcome: applied.outcome, resourceId: known }
      }
      const outcome = await once(parts.transfers, request, work, load(request))
      const { deposit, peerSeq } = outcome.value.transfer
      return { ...outcome, matched: deposit === undefined && peerSeq > 0 }
    },

    async inquireDeposit(request, transferId, counterpartyId) {
      const { vaspId } = request.caller
      await askable(parts, vaspId, counterpartyId)
      return act(request, transferId, (current, ctx) =>
        inquire(begin(inbound(current), ctx), counterpartyId, ctx),
      )
    },

    reportReturn: (request, transferId, txId) =>
      act(request, transferId, (current, ctx) => {
        const transfer = inbound(current)
        return reportReturn(transfer, canonicalTxId(transfer.asset, txId), ctx)
      }),
  }
}

/** An announcement older than this says nothing about a deposit that is seen now. */
export function windowStart(parts: Parts, vaspId: string, { seenAt }: Pick<DepositInput, 'seenAt'>): Date {
  const { depositWindowSeconds } = localVasp(parts, vaspId).policy
  const seen = seenAt ?? parts.clock.now()
  return new Date(seen.getTime() - (depositWindowSeconds ?? DEPOSIT_WINDOW_SECONDS) * 1000)
}

const DEPOSIT_WINDOW_SECONDS = 7 * 86_400

async function newDeposit(
  parts: Parts,
  by: { readonly vaspId: string; readonly actor: string; readonly idempotency: IdempotencyKey },
  input: DepositInput,
) {
  const { vaspId } = by
  const vasp = localVasp(parts, vaspId)
  const id = parts.newId()
  const { asset, amount, fiat, destination, tag, txId, sources = [], seenAt = parts.clock.now() } = input
  const presumedId = input.presumed && (await resolve(parts, vaspId, input.presumed)).counterpartyId
  const peer = presumedId === undefined ? undefined : await parts.counterparties.find(vaspId, presumedId)
  const missing = missingDataOf(
    vasp,
    { vaspId, counterpartyId: peer?.id, asset, amount, fiat, identity: '{}' },
    peer?.country,
    parts.clock.now(),
  )
  const screening: Screening | undefined = await screen(parts, vasp, {
    caseId: id,
    direction: 'inbound',
    asset,
    amount,
    fiat,
    identity: undefined,
    peer,
    destination,
    sources,
  })
  const deposit: NewDeposit = {
    vaspId,
    id,
    asset,
    amount,
    ...(fiat && { fiat }),
    deposit: { seenAt },
    secret: { destination, txId, ...(tag !== undefined && { tag }), ...(sources.length > 0 && { sources }) },
  }
  const applied = await applyStep(
    parts,
    {
      ...by,
      transferId: id,
      ruling: () => missing.ruling,
      screening: () => screening,
      decide(_, ctx) {
        const held = receiveDeposit(deposit, missing, screening, ctx)
        return peer === undefined || peer.suspension !== undefined ? held : inquire(held, peer.id, ctx)
      },
    },
    'new',
  )
  return { outcome: applied.outcome, resourceId: id }
}

/** Throws Refusal COUNTERPARTY_NOT_FOUND: without its keys nothing can be asked. */
async function askable(parts: Parts, vaspId: string, counterpartyId: string): Promise<void> {
  if ((await parts.counterparties.find(vaspId, counterpartyId)) === undefined)
    throw new Refusal('COUNTERPARTY_NOT_FOUND')
}

function inbound(transfer: Transfer | undefined): Transfer {
  if (transfer === undefined || transfer.role !== 'beneficiary') throw new Refusal('TRANSFER_NOT_FOUND')
  return transfer
}

/**
 * A deposit that was reported while its announcement was on the way, and so matched nothing: the announced transfer has come meanwhile.
 * Returns how many deposits were joined.
 */
export async function rematchDeposits(parts: Parts, vaspId: string): Promise<number> {
  let joined = 0
  let pageToken: string | undefined
  do {
    const page = await parts.transfers.listHolds(vaspId, {
      reasons: ['UNSOLICITED_DEPOSIT'],
      pageSize: 200,
      ...(pageToken !== undefined && { pageToken }),
    })
    for (const { transferId } of page.items) if (await rematch(parts, vaspId, transferId)) joined++
    pageToken = page.nextPageToken
  } while (pageToken !== undefined)
  return joined
}

async function rematch(parts: Parts, vaspId: string, transferId: string): Promise<boolean> {
  const held = await parts.transfers.find(vaspId, transferId)
  if (held?.state !== 'started' || held.deposit === undefined) return false
  const { asset, amount, secret, deposit } = held
  const { destination, tag, txId = '' } = secret
  const since = windowStart(parts, vaspId, deposit)
  const facts = {
    asset,
    amount,
    destination,
    txId,
    since,
    except: transferId,
    ...(tag !== undefined && { tag }),
  }
  const into = await parts.transfers.matchDeposit(vaspId, facts)
  return into !== undefined && (await joinDeposit(parts, held, into, 'policy'))
}

/**
 * First the transfer gets the transaction, then the deposit's record ends: a process that dies in between leaves nothing that could be
 * credited twice, and the next attempt goes on.
 */
export async function joinDeposit(
  parts: Parts,
  { vaspId, id, secret, amount }: Transfer,
  into: string,
  actor: string,
): Promise<boolean> {
  const { txId } = secret
  if (txId === undefined) return false
  await applyStep(parts, {
    vaspId,
    transferId: into,
    actor,
    decide: (current, ctx) => current && depositSeen(current, txId, ctx, amount),
  })
  const ended = await applyStep(parts, {
    vaspId,
    transferId: id,
    actor,
    decide: (current, ctx) => current && joinInto(current, into, ctx),
  })
  return ended.outcome === 'committed'
}
