/** The two sides of every transfer, laid beside each other. */
import { isFinal } from '../../domain/transfer/states.ts'
import type { Ledger, LedgerTransfer } from '../ledger.ts'
import type { Finding } from './findings.ts'

export function judgeSides(ledgers: readonly Ledger[]): Finding[] {
  const byId = new Map(ledgers.map((ledger) => [ledger.vaspId, ledger]))
  return ledgers.flatMap((ledger) =>
    ledger.transfers.flatMap((mine) => {
      const peer = mine.counterpartyId === undefined ? undefined : byId.get(mine.counterpartyId)
      // Nobody's database to compare with: the counterparty is unknown, or takes no part.
      if (peer === undefined) return []
      const theirs = peer.transfers.find(({ id }) => id === mine.id)
      return mine.role === 'originator'
        ? judgeOriginator(ledger, mine, peer, theirs)
        : judgeBeneficiary(ledger, mine, peer, theirs)
    }),
  )
}

function judgeOriginator(
  ledger: Ledger,
  mine: LedgerTransfer,
  peer: Ledger,
  theirs: LedgerTransfer | undefined,
): Finding[] {
  const about = { vaspId: ledger.vaspId, transferId: mine.id }
  const messages = ledger.outbox.filter(({ transferId }) => transferId === mine.id)
  const anyExpired = messages.some(({ state }) => state === 'expired')
  const wrongs: Finding[] = []
  const find = (verdict: Finding['verdict'], what: string) => wrongs.push({ verdict, ...about, what })
  if (messages.length !== mine.ownSeq)
    find('lost', `${mine.ownSeq} messages were said, ${messages.length} are in the outbox`)
  if (theirs === undefined) {
    const isReceipted = messages.some(
      ({ type, state }) => type === 'transfer.request' && state === 'receipted',
    )
    if (isReceipted) find('lost', `${peer.vaspId} receipted the request and has no such transfer`)
    if (!isReceipted && mine.ownSeq > 0 && !isFinal(mine.state))
      find('disagreement', `${mine.state} here, unknown to ${peer.vaspId}`)
    return wrongs
  }
  if (theirs.asset !== mine.asset || theirs.amount !== mine.amount) find('disagreement', 'other terms')
  if (!agree(mine, theirs)) find('disagreement', `${mine.state} here, ${theirs.state} at ${peer.vaspId}`)
  if (mine.settled && !theirs.settled) find('disagreement', 'settled here only')
  // What expired on its way is a number that the other side never counts.
  if (!anyExpired && (mine.ownSeq !== theirs.peerSeq || mine.peerSeq !== theirs.ownSeq))
    find(
      'disagreement',
      `said ${mine.ownSeq}/${theirs.ownSeq} messages, heard ${theirs.peerSeq}/${mine.peerSeq}`,
    )
  wrongs.push(...acceptance(ledger, mine, peer))
  return wrongs
}

/** Both closed is agreement, each with its own word for the end, but a settlement is one on both sides. */
function agree(mine: LedgerTransfer, theirs: LedgerTransfer): boolean {
  if (mine.state === theirs.state) return true
  if (mine.state === 'completed' || theirs.state === 'completed') return false
  return isFinal(mine.state) && isFinal(theirs.state)
}

/** What the originating VASP heard, and took for a licence to go ahead, was said. */
function acceptance(ledger: Ledger, mine: LedgerTransfer, peer: Ledger): Finding[] {
  const about = { vaspId: ledger.vaspId, transferId: mine.id }
  const has = (side: Ledger, type: string) =>
    side.events.some((event) => event.transferId === mine.id && event.type === type)
  const wrongs: Finding[] = []
  const said = has(peer, 'accepted')
  if (has(ledger, 'accepted') && !said)
    wrongs.push({ verdict: 'phantom', ...about, what: `${peer.vaspId} never accepted` })
  if (has(ledger, 'permit-issued') && !mine.exempt && !(said && has(ledger, 'accepted')))
    wrongs.push({
      verdict: 'permit_without_decision',
      ...about,
      what: `a permit, and ${peer.vaspId} did not accept`,
    })
  return wrongs
}

function judgeBeneficiary(
  ledger: Ledger,
  mine: LedgerTransfer,
  peer: Ledger,
  theirs: LedgerTransfer | undefined,
): Finding[] {
  const about = { vaspId: ledger.vaspId, transferId: mine.id }
  if (theirs?.role !== 'originator')
    return [{ verdict: 'phantom', ...about, what: `${peer.vaspId} has no such transfer` }]
  const spoken = ledger.outbox.filter(({ transferId }) => transferId === mine.id).length
  const heard = ledger.inbox.filter(({ transferId }) => transferId === mine.id).length
  return [
    ...(spoken === mine.ownSeq
      ? []
      : [
          {
            verdict: 'lost' as const,
            ...about,
            what: `${mine.ownSeq} messages were said, ${spoken} are in the outbox`,
          },
        ]),
    ...(heard > mine.peerSeq
      ? [
          {
            verdict: 'doubled' as const,
            ...about,
            what: `${heard} messages taken in, ${mine.peerSeq} counted`,
          },
        ]
      : []),
  ]
}
