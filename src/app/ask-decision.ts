/**
 * Asks the back office by webhook what it decides on an inbound transfer, and does what it says. The question names the transfer and its
 * version; the answer counts only for that version. The review deadline is the question's: its outcome is named by the policy.
 */
import { Refusal } from '../domain/refusal.ts'
import { accept, askRepair, reject } from '../domain/transfer/beneficiary.ts'
import { begin, type Context } from '../domain/transfer/step.ts'
import { openHolds, type Step, type Transfer } from '../domain/transfer/transfer.ts'
import type { DecisionAnswer } from '../domain/webhook/decision.ts'
import type { Attempted } from '../domain/webhook/round.ts'
import type { WebhookEndpoint } from '../domain/webhook/webhook.ts'
import { applyStep } from './apply-step.ts'
import { decisionWebhook, type Parts } from './parts.ts'
import type { RecordedEvent } from './ports.ts'

const ACTOR = 'decision-webhook'
const MOOT: Attempted = { outcome: 'moot' }

export async function askDecision(
  parts: Parts,
  { vaspId }: WebhookEndpoint,
  { transferId, cursor }: RecordedEvent,
): Promise<Attempted> {
  const hook = decisionWebhook(parts, vaspId)
  const transfer = await parts.transfers.find(vaspId, transferId)
  if (hook === undefined || transfer === undefined || !isAwaited(transfer)) return MOOT
  const now = parts.clock.now()
  const message = { id: `dec_${cursor}_${transfer.version}`, body: question(transfer, now) }
  const sent = await parts.webhookSender.send(hook.url, [hook.secret], message, now)
  if (sent.outcome === 'gone') return { outcome: 'failed', code: 'HTTP_410' }
  if (sent.outcome !== 'ok') return sent
  const answer = parts.webhookSender.readDecision(sent.answer ?? '')
  if (answer === undefined || answer.transferId !== transferId)
    return { outcome: 'failed', code: 'ANSWER_INVALID' }
  return answer.decision === 'pending' ? sent : obey(parts, transfer, answer)
}

/** The back office is asked, has not decided, and no person has to end a hold first. */
function isAwaited(transfer: Transfer): boolean {
  const isOpen = transfer.state === 'pending' || transfer.state === 'review'
  return isOpen && transfer.reviewDeadline !== undefined && openHolds(transfer).length === 0
}

function question({ vaspId, id, version, counterpartyId, reviewDeadline }: Transfer, now: Date): string {
  return JSON.stringify({
    type: 'decision.requested',
    timestamp: now.toISOString(),
    data: {
      vasp_id: vaspId,
      transfer_id: id,
      version,
      counterparty_id: counterpartyId,
      decide_by: reviewDeadline?.toISOString(),
    },
  })
}

async function obey(parts: Parts, asked: Transfer, answer: DecisionAnswer): Promise<Attempted> {
  const { vaspId, id, version } = asked
  let isStale = false
  const applied = await applyStep(parts, {
    vaspId,
    transferId: id,
    actor: ACTOR,
    decide(current, ctx) {
      isStale = current?.version !== version
      return current === undefined || isStale ? undefined : decided(begin(current, ctx), answer, ctx)
    },
  }).catch((error: unknown) => {
    if (!(error instanceof Refusal)) throw error
    parts.log.warn('decision not taken', { vaspId, transferId: id, reason: error.code })
    return undefined
  })
  // Something happened between question and answer: it is asked again about what is now.
  if (isStale) return { outcome: 'failed', code: 'CHANGED' }
  return applied === undefined ? { outcome: 'failed', code: 'DECISION_REFUSED' } : { outcome: 'ok' }
}

function decided(step: Step, answer: DecisionAnswer, ctx: Context): Step {
  switch (answer.decision) {
    case 'accept':
      return accept(step, ctx)
    case 'reject':
      return reject(step, answer.code, ctx)
    case 'repair':
      return askRepair(step, answer.fields, ctx)
    case 'pending':
      return step
  }
}
