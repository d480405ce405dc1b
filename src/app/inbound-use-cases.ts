/** What the beneficiary VASP's back office decides. */
import { Refusal } from '../domain/refusal.ts'
import { accept, acceptNamed, askRepair, reject } from '../domain/transfer/beneficiary.ts'
import { begin, type Context, change } from '../domain/transfer/step.ts'
import type { Step, Transfer } from '../domain/transfer/transfer.ts'
import { applyStep } from './apply-step.ts'
import { nameFinding } from './check-names.ts'
import { readIdentity } from './checks.ts'
import type { InboundUseCases, Outcome, Request, TransferView } from './gateway.ts'
import { callerName, once } from './idempotency.ts'
import type { Parts } from './parts.ts'
import { shown } from './transfer-use-cases.ts'
import { loadTransfer } from './views.ts'

export function inboundUseCases(parts: Parts): InboundUseCases {
  function act(
    request: Request,
    transferId: string,
    decide: (step: Step, ctx: Context) => Step,
  ): Promise<Outcome<TransferView>> {
    return once(
      parts.transfers,
      request,
      async (idempotency) => {
        const applied = await applyStep(parts, {
          vaspId: request.caller.vaspId,
          transferId,
          actor: callerName(request),
          idempotency,
          decide: (current, ctx) => decide(begin(inbound(current), ctx), ctx),
        })
        return { outcome: applied.outcome, resourceId: transferId, value: shown(parts, applied) }
      },
      (id) => loadTransfer(parts, request.caller.vaspId, id),
    )
  }

  return {
    accept(request, transferId, held) {
      if (held === undefined) return act(request, transferId, accept)
      const customer = readIdentity(held, parts.clock.now()).payload
      return act(request, transferId, (step, ctx) => {
        const sent = readIdentity(step.next.secret.identity ?? '{}', ctx.now).payload
        const kept = change(step, { secret: { ...step.next.secret, held } })
        return acceptNamed(kept, nameFinding(sent, customer), ctx)
      })
    },
    reject: (request, transferId, code) => act(request, transferId, (step, ctx) => reject(step, code, ctx)),
    requestRepair: (request, transferId, fields) =>
      act(request, transferId, (step, ctx) => askRepair(step, fields, ctx)),
  }
}

/** A deposit without data is a person's to decide, not the back office's. */
function inbound(transfer: Transfer | undefined): Transfer {
  if (transfer === undefined || transfer.role !== 'beneficiary') throw new Refusal('TRANSFER_NOT_FOUND')
  if (transfer.state === 'started') throw new Refusal('TRANSFER_HELD', 'UNSOLICITED_DEPOSIT')
  return transfer
}
