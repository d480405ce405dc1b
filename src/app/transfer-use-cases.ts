/** What an exchange or custody platform asks of its gateway around a withdrawal and a deposit. */
import { canonicalDecimal } from '../domain/decimal.ts'
import type { LocalVasp } from '../domain/policy.ts'
import { Refusal } from '../domain/refusal.ts'
import type { Screening } from '../domain/screening/screening.ts'
import type { BatchPlace } from '../domain/transfer/batch.ts'
import { authorize, cancel, redeem, resubmit, settle } from '../domain/transfer/originator.ts'
import type { Context } from '../domain/transfer/step.ts'
import type { Step, Transfer } from '../domain/transfer/transfer.ts'
import { canonicalTxId } from '../domain/tx-id.ts'
import { type Applied, applyStep } from './apply-step.ts'
import { othersMayGo } from './batch-steps.ts'
import { batchUseCases } from './batch-use-cases.ts'
import { checkOutbound, type OutboundChecked } from './checks.ts'
import { depositUseCases } from './deposit-use-cases.ts'
import type {
  AuthorizeInput,
  Caller,
  CounterpartyHint,
  OtherSideInput,
  Outcome,
  RedeemInput,
  Request,
  TransferUseCases,
  TransferView,
} from './gateway.ts'
import { callerName, type Done, keyOf, once } from './idempotency.ts'
import { introduceLocal } from './introduce-locals.ts'
import { localVasp, type Parts } from './parts.ts'
import type { IdempotencyKey, PermitClaims, Ruling } from './ports.ts'
import { resolve } from './resolve-hint.ts'
import { screenOutbound } from './screen.ts'
import { loadTransfer, transferView } from './views.ts'
import { waitForDecision, watchTransfers } from './watch-transfers.ts'

/** What a decision made besides the step, to be kept with it. */
interface Made {
  ruling?: Ruling | undefined
  screening?: Screening | undefined
}

export function transferUseCases(parts: Parts): TransferUseCases {
  const load = (request: Request) => (id: string) => loadTransfer(parts, request.caller.vaspId, id)

  type Decide = (transfer: Transfer, ctx: Context) => Step | undefined | Promise<Step | undefined>

  /** Changes one outbound transfer. */
  async function change(
    request: Request,
    transferId: string,
    decide: Decide,
    made: Made = {},
  ): Promise<Done<TransferView>> {
    const applied = await applyStep(parts, {
      vaspId: request.caller.vaspId,
      transferId,
      actor: callerName(request),
      idempotency: keyOf(request),
      ruling: () => made.ruling,
      screening: () => made.screening,
      decide: (current, ctx) => decide(outbound(current), ctx),
    })
    return { outcome: applied.outcome, resourceId: transferId, value: shown(parts, applied) }
  }

  /** The same, once per request. */
  function act(
    request: Request,
    transferId: string,
    decide: Decide,
    made?: Made,
  ): Promise<Outcome<TransferView>> {
    const work = () => change(request, transferId, decide, made)
    return once(parts.transfers, request, work, load(request))
  }

  function authorizeOne(
    request: Request,
    input: AuthorizeInput,
    member?: { readonly id: string; readonly batch: BatchPlace },
  ): Promise<Outcome<TransferView>> {
    const { vaspId } = request.caller
    const work = async (idempotency: IdempotencyKey) => {
      const { otherSide } = input
      const { counterpartyId, attribution } = await resolve(
        parts,
        vaspId,
        otherSide === undefined ? hintOf(input, localVasp(parts, vaspId)) : {},
      )
      if (counterpartyId === vaspId) throw new Refusal('COUNTERPARTY_IS_LOCAL')
      await introduceLocal(parts, vaspId, counterpartyId)
      const facts = { ...input, vaspId, counterpartyId, attribution, fiat: input.fiat }
      const check = async (fresh: boolean) => ({
        ...valid(await checkOutbound(parts, facts, { fresh })),
        attribution,
      })
      let checked = await check(false)
      let round = 0
      const { destination, tag, identity, fiat, clientReference } = input
      const id = member?.id ?? parts.newId()
      const screening = await screenOutbound(parts, { ...input, vaspId, id, counterpartyId, fiat })
      const applied = await applyStep(
        parts,
        {
          vaspId,
          transferId: id,
          actor: callerName(request),
          idempotency,
          ruling: () => checked.ruling,
          screening: () => screening,
          decide: async (_, ctx) => {
            // The database declined: the counterparty has been suspended since it was looked at.
            if (round++ > 0) checked = await check(true)
            return authorize(
              {
                vaspId,
                id,
                counterpartyId,
                asset: input.asset,
                amount: canonicalDecimal(input.amount) ?? input.amount,
                ...(fiat && { fiat }),
                ...(clientReference !== undefined && { clientReference }),
                ...(member && { batch: member.batch }),
                ...(checked.otherSide && { otherSide: checked.otherSide }),
                secret: {
                  destination,
                  identity,
                  ...(tag !== undefined && { tag }),
                  ...(otherSide?.kind === 'self-hosted' && { customer: otherSide.customer }),
                },
              },
              { ...checked, screening },
              ctx,
            )
          },
        },
        'new',
      )
      return { outcome: applied.outcome, resourceId: id, value: shown(parts, applied) }
    }
    return once(parts.transfers, request, work, load(request), { lookFirst: false })
  }

  /** Throws Refusal for what AuthorizeTransfer would refuse. */
  async function checkSound(caller: Caller, input: AuthorizeInput): Promise<void> {
    const { vaspId } = caller
    const { counterpartyId, attribution } = await resolve(parts, vaspId, input.counterparty)
    if (counterpartyId === vaspId) throw new Refusal('COUNTERPARTY_IS_LOCAL')
    const facts = { ...input, vaspId, counterpartyId, attribution, fiat: input.fiat }
    valid(await checkOutbound(parts, facts))
  }

  return {
    ...depositUseCases(parts),
    ...batchUseCases(parts, authorizeOne, checkSound),

    async assess(caller, input) {
      const { counterpartyId, attribution } = await resolve(parts, caller.vaspId, input.counterparty)
      const facts = {
        ...input,
        vaspId: caller.vaspId,
        counterpartyId,
        attribution,
        fiat: input.fiat,
        identity: input.identity ?? '{}',
      }
      const checked = await checkOutbound(parts, facts)
      const invalid = input.identity === undefined ? [] : checked.invalid
      return {
        verdict: verdictOf(checked, invalid.length > 0),
        findings: [
          ...invalid.map(({ code, path, message }) => ({ check: 'identity', code, path, message }) as const),
          ...checked.corrections.map(
            ({ code, path, message }) => ({ check: 'rules', code, path, message }) as const,
          ),
          ...checked.holds.map(({ finding }) => finding),
          ...checked.findings,
        ],
        rule: checked.rule,
        counterpartyId,
      }
    },

    authorize: (request, input) => authorizeOne(request, input),

    get: (caller, transferId) => loadTransfer(parts, caller.vaspId, transferId),

    async list(caller, filter) {
      const page = await parts.transfers.list(caller.vaspId, filter)
      return { ...page, items: page.items.map((transfer) => transferView(parts, transfer)) }
    },

    waitForDecision: (caller, transferId, until, signal) =>
      waitForDecision(parts, caller.vaspId, transferId, until, signal),

    watch: (caller, cursor, signal) => watchTransfers(parts, caller.vaspId, cursor, signal),

    repair(request, transferId, identity) {
      const made: Made = {}
      const decide = async (transfer: Transfer, ctx: Context) => {
        const { fiat, secret } = transfer
        const { destination } = secret
        const otherSide = otherSideOf(transfer)
        const facts = { ...transfer, identity, fiat, destination, otherSide }
        const checked = valid(await checkOutbound(parts, facts))
        made.ruling = checked.ruling
        made.screening = await screenOutbound(parts, { ...transfer, identity, destination, fiat })
        return resubmit(transfer, identity, { ...checked, screening: made.screening }, ctx)
      }
      return act(request, transferId, decide, made)
    },

    cancel: (request, transferId, reason) =>
      act(request, transferId, (transfer, ctx) => cancel(transfer, reason, ctx)),

    reportSettlement: (request, transferId, txId) =>
      act(request, transferId, (transfer, ctx) => {
        const id = canonicalTxId(transfer.asset, txId)
        // The same fact again, by another request: nothing to add.
        return transfer.secret.txId === id ? undefined : settle(transfer, id, ctx)
      }),

    redeemPermit(request, input) {
      // Within `once`: a call that was answered is answered again when the permit has expired since.
      const work = async () => {
        const claims = await parts.permits.verify(request.caller.vaspId, input.permit)
        mustMatch(claims, input)
        return change(request, claims.transferId, async (transfer, ctx) => {
          if (!(await othersMayGo(parts, transfer)))
            throw new Refusal('TRANSFER_HELD', 'another destination of the batch may not go')
          if (transfer.permit?.jti !== claims.jti) throw new Refusal('PERMIT_INVALID', 'it was replaced')
          return redeem(transfer, ctx)
        })
      }
      return once(parts.transfers, request, work, load(request))
    },
  }
}

export function shown(parts: Parts, applied: Applied): TransferView | undefined {
  return applied.outcome === 'committed' ? transferView(parts, applied.transfer) : undefined
}

/** Throws Refusal PERMIT_MISMATCH with the fields in which the transaction is not the one permitted. */
function mustMatch(claims: PermitClaims, input: RedeemInput): void {
  const amount = canonicalDecimal(input.amount) ?? input.amount
  const differs = (
    [
      ['asset', claims.asset, input.asset],
      ['amount', claims.amount, amount],
      ['destination', claims.destination, input.destination],
      ['destination_tag', claims.tag ?? '', input.tag ?? ''],
    ] as const
  ).filter(([, permitted, wanted]) => permitted !== wanted)
  if (differs.length > 0)
    throw new Refusal('PERMIT_MISMATCH', undefined, {
      fields: differs.map(([field]) => ({ field, description: 'differs from the permit' })),
    })
}

/** As the caller said it. */
function otherSideOf({ otherSide, secret }: Transfer): OtherSideInput | undefined {
  if (otherSide?.kind !== 'self-hosted') return otherSide
  return { kind: otherSide.kind, owner: otherSide.owner, customer: secret.customer ?? '' }
}

function outbound(transfer: Transfer | undefined): Transfer {
  if (transfer === undefined || transfer.role !== 'originator') throw new Refusal('TRANSFER_NOT_FOUND')
  return transfer
}

/** Throws Refusal IDENTITY_INVALID with every field that the caller must correct. */
function valid(checked: OutboundChecked): OutboundChecked {
  if (checked.invalid.length === 0) return checked
  throw new Refusal('IDENTITY_INVALID', undefined, {
    fields: checked.invalid.map(({ path, code, message }) => ({
      field: `identity.ivms101${path}`,
      description: `${code}: ${message}`,
    })),
  })
}

function verdictOf(checked: OutboundChecked, invalid: boolean) {
  if (invalid) return 'REFUSE'
  if (checked.holds.length > 0) return 'HOLD'
  return checked.exempt ? 'NOT_REQUIRED' : 'SEND'
}

/** Where the caller gives no hint, the account is one if policy says so. */
function hintOf(
  { counterparty, asset, destination, tag }: AuthorizeInput,
  { policy }: LocalVasp,
): CounterpartyHint {
  if (Object.keys(counterparty).length > 0 || policy.counterparties?.discoverByAccount !== true)
    return counterparty
  return { account: { asset, destination, ...(tag !== undefined && { tag }) } }
}
