/** Withdrawals to several destinations at once. */
import { createHash } from 'node:crypto'
import { Refusal } from '../domain/refusal.ts'
import { type BatchPlace, isOut, memberIds } from '../domain/transfer/batch.ts'
import { after } from '../domain/transfer/step.ts'
import type { AuthorizeInput, BatchView, Caller, Outcome, Request, TransferView } from './gateway.ts'
import { localVasp, type Parts } from './parts.ts'
import { transferView } from './views.ts'

/** Authorises one destination, in its place. */
export type AuthorizeMember = (
  request: Request,
  input: AuthorizeInput,
  member: { readonly id: string; readonly batch: BatchPlace },
) => Promise<Outcome<TransferView>>

export function batchUseCases(
  parts: Parts,
  authorizeMember: AuthorizeMember,
  check: (caller: Caller, input: AuthorizeInput) => Promise<void>,
) {
  async function view(vaspId: string, batchId: string, size: number): Promise<BatchView> {
    const found = await parts.transfers.findMany(vaspId, memberIds(batchId, size))
    const byId = new Map(found.map((transfer) => [transfer.id, transfer]))
    const transfers = memberIds(batchId, size).flatMap((id) => byId.get(id) ?? [])
    const views = transfers.map((transfer) => transferView(parts, transfer))
    const all = views.length === size && views.every(({ decision }) => decision === 'PROCEED')
    return { batchId, decision: transfers.some(isOut) ? 'STOP' : all ? 'PROCEED' : 'WAIT', transfers: views }
  }

  return {
    /** Nothing is stored unless every payload is sound. Called again after a crash, it makes what is missing. */
    async authorizeBatch(request: Request, inputs: readonly AuthorizeInput[]): Promise<Outcome<BatchView>> {
      const { vaspId } = request.caller
      const batchId = batchIdOf(request)
      for (const [index, input] of inputs.entries())
        await check(request.caller, input).catch((error: unknown) => Promise.reject(inItem(error, index)))
      const { exchangeSeconds, hold } = localVasp(parts, vaspId).policy
      const deadline = after(parts.clock.now(), Math.max(exchangeSeconds, hold.deadlineSeconds))
      const ids = memberIds(batchId, inputs.length)
      const outcomes: Outcome<TransferView>[] = []
      for (const [index, input] of inputs.entries()) {
        const member = { ...request, requestId: `${request.requestId}#${index + 1}` }
        const batch = { id: batchId, place: index + 1, size: inputs.length, deadline }
        outcomes.push(await authorizeMember(member, input, { id: ids[index] ?? '', batch }))
      }
      const replayed = outcomes.every((outcome) => outcome.replayed)
      return { value: await view(vaspId, batchId, inputs.length), replayed }
    },

    /** Throws Refusal TRANSFER_NOT_FOUND. */
    async getBatch({ vaspId }: Caller, batchId: string): Promise<BatchView> {
      const [first] = memberIds(batchId, 1)
      const member = first === undefined ? undefined : await parts.transfers.find(vaspId, first)
      if (member?.batch?.id !== batchId) throw new Refusal('TRANSFER_NOT_FOUND')
      return view(vaspId, batchId, member.batch.size)
    },
  }
}

/**
 * The same call makes the same batch, whatever became of the first. In the form of a UUID of version 4, as envelopes have them, its last
 * four digits 0.
 */
function batchIdOf({ caller, method, requestId }: Request): string {
  const hex = createHash('sha256')
    .update(JSON.stringify([caller, method, requestId]))
    .digest('hex')
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`]
  return [...parts, `${hex.slice(20, 28)}0000`].join('-')
}

/** The field's path in the batch. */
function inItem(error: unknown, index: number): unknown {
  if (!(error instanceof Refusal)) return error
  const fields = error.fields.map(({ field, description }) => ({
    field: `transfers[${index}].${field}`,
    description,
  }))
  return new Refusal(error.code, undefined, { cause: error, fields })
}
