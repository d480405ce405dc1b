/** Envelopes: what was receipted is there, what is there was sent, and among honest parties nothing is refused or waits for ever. */
import type { Ledger, LedgerOutbox } from '../ledger.ts'
import type { Finding } from './findings.ts'

/** Mail that was so slow that it had expired is no sign of dishonesty. */
function isSuspicious(reason: string): boolean {
  return reason !== 'EXPIRED'
}

/**
 * The end of a transfer whose request expired on its way tells the other side nothing that it could take: it is sent until it expires,
 * too. Everything else must have come to its end.
 */
function endless(outbox: readonly LedgerOutbox[]): LedgerOutbox[] {
  const unheard = new Set(
    outbox.flatMap(({ state, transferId }) =>
      state === 'expired' && transferId !== undefined ? [transferId] : [],
    ),
  )
  return outbox.filter(
    ({ type, state, transferId }) =>
      !(type === 'transfer.cancel' && state === 'waiting' && unheard.has(transferId ?? '')),
  )
}

export function judgeMessages(ledgers: readonly Ledger[]): Finding[] {
  const inboxes = new Map(
    ledgers.map(({ vaspId, inbox }) => [vaspId, new Set(inbox.map(({ iss, jti }) => `${iss} ${jti}`))]),
  )
  const outboxes = new Map(
    ledgers.map(({ vaspId, outbox }) => [
      vaspId,
      new Set(outbox.map(({ receiver, jti }) => `${receiver} ${jti}`)),
    ]),
  )
  return ledgers.flatMap(({ vaspId, outbox, inbox, securityEvents }) => [
    ...endless(outbox).flatMap(({ jti, receiver, type, transferId, state }): Finding[] => {
      const find = (verdict: Finding['verdict'], what: string): Finding[] => [
        { verdict, vaspId, ...(transferId !== undefined && { transferId }), what: `${type} ${jti}: ${what}` },
      ]
      const arrived = inboxes.get(receiver)?.has(`${vaspId} ${jti}`)
      if (state === 'waiting') return find('unresolved', 'it still waits for a receipt')
      if (state === 'refused') return find('illegal', `${receiver} refused it`)
      if (state === 'receipted' && arrived === false)
        return find('lost', `${receiver} receipted it and does not have it`)
      return []
    }),
    ...inbox.flatMap(({ iss, jti, transferId }): Finding[] =>
      outboxes.get(iss)?.has(`${vaspId} ${jti}`) === false
        ? [
            {
              verdict: 'phantom',
              vaspId,
              ...(transferId !== undefined && { transferId }),
              what: `${iss} never sent ${jti}`,
            },
          ]
        : [],
    ),
    ...securityEvents.filter(isSuspicious).map(
      (reason): Finding => ({
        verdict: 'illegal',
        vaspId,
        what: `a security event among honest parties: ${reason}`,
      }),
    ),
  ])
}
