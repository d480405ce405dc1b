/** What is known of counterparties: cards, proofs, suspension, and what a change of verdict does to open transfers. */
import { type Counterparty, type Proof, withProofs } from '../domain/counterparty/counterparty.ts'
import { Refusal } from '../domain/refusal.ts'
import { checkActing } from './acting.ts'
import { untilWritten } from './again.ts'
import { discover } from './discover.ts'
import type {
  Attestation,
  CounterpartyUseCases,
  CounterpartyView,
  DiligenceUseCases,
  Outcome,
  Request,
} from './gateway.ts'
import { keyOf, once } from './idempotency.ts'
import { KEYS_CHANGED, raiseKeyAlarm } from './key-alarm.ts'
import type { Parts } from './parts.ts'
import { pingLetter } from './ping.ts'
import type { AuditEntry, CounterpartyCommit } from './ports.ts'
import { reconsider } from './reconsider.ts'
import { counterpartyTag, counterpartyView, loadCounterparty } from './views.ts'

/** What a person needs to be allowed, by how the audit log calls it. */
const ACTIONS = {
  'counterparty.attested': 'verify-counterparty',
  'counterparty.suspended': 'suspend-counterparty',
  'counterparty.reinstated': 'reinstate-counterparty',
} as const

export function counterpartyUseCases(parts: Parts): Omit<CounterpartyUseCases, keyof DiligenceUseCases> {
  /** Changes a counterparty once per request, then looks at the transfers that it touches. */
  async function act(
    request: Request,
    id: string,
    person: string,
    kind: keyof typeof ACTIONS,
    edit: (current: Counterparty) => Promise<Edit>,
    seen?: string,
  ): Promise<Outcome<CounterpartyView> & { readonly transfersChanged: number }> {
    const { vaspId } = request.caller
    await checkActing(parts, request.caller, person, ACTIONS[kind])
    const attempt = async () => {
      const current = await parts.counterparties.find(vaspId, id)
      if (current === undefined) throw new Refusal('COUNTERPARTY_NOT_FOUND')
      if (seen !== undefined && seen !== counterpartyTag(current)) throw new Refusal('HOLD_CHANGED')
      const { next, outbox = [], data = {}, fences = false } = await edit(current)
      const audit: AuditEntry[] = [{ kind, actor: `person:${person}`, subject: id, data }]
      const change = {
        vaspId,
        previousVersion: current.version,
        next: { ...next, version: current.version + 1 },
      }
      const outcome = await parts.counterparties.save({
        ...change,
        outbox,
        fences,
        idempotency: keyOf(request),
        audit,
      })
      if (outcome === 'committed') parts.dispatch(vaspId, outbox)
      return outcome
    }
    const work = async () => ({ outcome: await untilWritten('the counterparty', attempt), resourceId: id })
    const done = await once(parts.transfers, request, work, (found) => loadCounterparty(parts, vaspId, found))
    return { ...done, transfersChanged: await reconsider(parts, vaspId, id) }
  }

  return {
    async lookup(caller, hint) {
      const found = await discover(parts, caller.vaspId, hint)
      if (found.outcome === 'none') throw new Refusal('COUNTERPARTY_NOT_FOUND')
      if (found.outcome === 'ambiguous')
        throw new Refusal('COUNTERPARTY_AMBIGUOUS', found.counterpartyIds.join(', '))
      const { counterpartyId, confidence, evidence } = found
      return { ...(await loadCounterparty(parts, caller.vaspId, counterpartyId)), confidence, evidence }
    },

    get: (caller, id) => loadCounterparty(parts, caller.vaspId, id),

    async list(caller, pageSize, pageToken) {
      const page = await parts.counterparties.list(caller.vaspId, pageSize, pageToken)
      const views = page.items.map((counterparty) => counterpartyView(parts, caller.vaspId, counterparty))
      return { ...page, items: await Promise.all(views) }
    },

    async importCard(request, card, person) {
      const { vaspId } = request.caller
      await checkActing(parts, request.caller, person, 'import-counterparty')
      let id = ''
      const attempt = async () => {
        const change = await importing(parts, vaspId, card, `person:${person}`)
        id = change.next.id
        if (change.verdict === 'same') return 'committed'
        return parts.counterparties.save({ ...change, idempotency: keyOf(request) })
      }
      const work = async () => ({ outcome: await untilWritten('the counterparty', attempt), resourceId: id })
      const done = await once(parts.transfers, request, work, (found) =>
        loadCounterparty(parts, vaspId, found),
      )
      await reconsider(parts, vaspId, done.value.counterparty.id)
      return done
    },

    async verify(request, id, attestations, person, seen) {
      checkAttested(attestations, parts.clock.now())
      const attesting = async (current: Counterparty): Promise<Edit> => {
        const now = parts.clock.now()
        const proofs = attestations.map(
          (attestation): Proof => ({ ...attestation, source: `person:${person}`, provenAt: now }),
        )
        await parts.checks.hasten(request.caller.vaspId, id, now)
        const ping = await parts.envelopes.write(pingLetter(parts, request.caller.vaspId, id), now)
        return {
          next: withProofs(current, proofs),
          outbox: [ping],
          data: { kinds: attestations.map(({ kind }) => kind).join(' ') },
        }
      }
      return act(request, id, person, 'counterparty.attested', attesting, seen)
    },

    async suspend(request, id, reason, person, seen) {
      const suspending = async (current: Counterparty): Promise<Edit> => ({
        next: { ...current, suspension: { reason, by: `person:${person}`, at: parts.clock.now() } },
        data: { reason },
        // Whatever is begun elsewhere meanwhile is either looked at below, or sees the suspension.
        fences: true,
      })
      const done = await act(request, id, person, 'counterparty.suspended', suspending, seen)
      return { ...done, transfersHeld: done.transfersChanged }
    },

    reinstate(request, id, person, seen) {
      const reinstating = async (current: Counterparty): Promise<Edit> => {
        // Whose keys are in doubt is not let back in by one person.
        if ((await parts.diligence.openTask(request.caller.vaspId, id, KEYS_CHANGED)) !== undefined)
          throw new Refusal('TASK_OPEN')
        const { suspension: _, ...next } = current
        return { next }
      }
      return act(request, id, person, 'counterparty.reinstated', reinstating, seen)
    },
  }
}

const ATTESTATION_MAX_MS = 2 * 366 * 86_400_000

/** What an officer saw grows old: it is to be looked at again within two years. */
function checkAttested(attestations: readonly Attestation[], now: Date): void {
  const fields = attestations.flatMap(({ expiresAt }, index) => {
    const left = expiresAt.getTime() - now.getTime()
    const description = left <= 0 ? 'must be in the future' : 'must be at most two years ahead'
    return left > 0 && left <= ATTESTATION_MAX_MS
      ? []
      : [{ field: `attestations.${index}.expiresAt`, description }]
  })
  if (fields.length > 0) throw new Refusal('REQUEST_INVALID', undefined, { fields })
}

interface Edit {
  readonly next: Counterparty
  readonly outbox?: CounterpartyCommit['outbox']
  readonly data?: AuditEntry['data']
  readonly fences?: boolean
}

/**
 * Judges a card and says what to write. A first card pins its keys; a later one must be signed by a pinned key. Throws Refusal
 * CARD_INVALID, CARD_STALE, CARD_ALARM or COUNTERPARTY_IS_LOCAL.
 */
export async function importing(
  parts: Parts,
  vaspId: string,
  card: string,
  actor: string,
): Promise<CounterpartyCommit & { readonly verdict: 'first' | 'update' | 'same' }> {
  const now = parts.clock.now()
  const { content: claimed } = await parts.cards.judge(card, [], undefined, now)
  if (claimed.vaspId === vaspId) throw new Refusal('COUNTERPARTY_IS_LOCAL')
  const current = await parts.counterparties.find(vaspId, claimed.vaspId)
  const pinned = current === undefined ? [] : await parts.counterparties.keys(vaspId, current.id)
  const known = current && { card: current.card, version: current.cardVersion }
  const { verdict, content } = await parts.cards.judge(card, pinned, known, now)
  if (verdict === 'stale') throw new Refusal('CARD_STALE')
  if (verdict === 'alarm') {
    await raiseKeyAlarm(parts, vaspId, card, content, actor)
    throw new Refusal('CARD_ALARM')
  }
  const proof: Proof = {
    kind: 'identity',
    source: 'card',
    reference: content.digest,
    provenAt: now,
    expiresAt: content.expiresAt,
  }
  const base: Counterparty = {
    ...(current ?? { proofs: [] }),
    id: content.vaspId,
    legalName: content.legalName,
    country: content.country,
    ...(content.lei !== undefined && { lei: content.lei }),
    card,
    cardVersion: content.version,
    version: (current?.version ?? 0) + 1,
    proofs: current?.proofs ?? [],
  }
  return {
    verdict,
    vaspId,
    previousVersion: current?.version ?? 0,
    next: withProofs(base, [proof]),
    keys: content.keys,
    domains: { source: 'card', reference: `card version ${content.version}`, names: content.hosts },
    outbox: [],
    audit: [
      {
        kind: `counterparty.card-${verdict}`,
        actor,
        subject: content.vaspId,
        data: { digest: content.digest, version: content.version },
      },
    ],
  }
}
