/** Proving that a customer controls a self-hosted wallet, and what a proof lets go on. */
import { randomBytes, randomInt } from 'node:crypto'
import { canonicalAccountId, canonicalAssetId, parseAccountId } from '../domain/caip.ts'
import { canonicalDecimal } from '../domain/decimal.ts'
import { Refusal } from '../domain/refusal.ts'
import { causeGone } from '../domain/transfer/holds.ts'
import {
  challengeText,
  checkOpen,
  isAnswered,
  type MicroTransfer,
  NAMESPACE_OF,
  typedData,
  WALLET_POLICY,
  type Wallet,
  type WalletChallenge,
  type WalletOwner,
} from '../domain/wallet/wallet.ts'
import { checkActing } from './acting.ts'
import { applyStep } from './apply-step.ts'
import type { ChallengeInput, Outcome, ProofInput, Request, WalletUseCases } from './gateway.ts'
import { callerName, keyOf, once } from './idempotency.ts'
import { localVasp, type Parts } from './parts.ts'

export function walletUseCases(parts: Parts): WalletUseCases {
  const policyOf = (vaspId: string) => localVasp(parts, vaspId).policy.selfHosted ?? WALLET_POLICY

  async function challengeOf(vaspId: string, id: string): Promise<WalletChallenge> {
    const found = await parts.wallets.challenge(vaspId, id)
    if (found === undefined) throw new Refusal('CHALLENGE_NOT_FOUND')
    return found
  }

  async function walletOf(vaspId: string, id: string): Promise<Wallet> {
    const found = await parts.wallets.find(vaspId, id)
    if (found === undefined) throw new Refusal('WALLET_NOT_FOUND')
    return found
  }

  function auditOf(
    request: Request,
    kind: string,
    subject: string,
    data: { readonly [key: string]: string },
  ) {
    return { idempotency: keyOf(request), audit: { kind, actor: callerName(request), subject, data } }
  }

  /** A proof is good from now on, and what waited for it goes on. */
  async function prove(
    request: Request,
    made: Pick<Wallet, 'account' | 'customer' | 'method' | 'provenBy' | 'expiresAt'>,
    challengeId: string | undefined,
  ): Promise<Outcome<Wallet>> {
    const { vaspId } = request.caller
    const work = async () => {
      const wallet: Wallet = { ...made, id: parts.newId(), vaspId, provenAt: parts.clock.now() }
      const { method, provenBy } = wallet
      const write = auditOf(request, 'wallet.proven', wallet.id, { method, proven_by: provenBy })
      const outcome = await parts.wallets.prove(wallet, challengeId, write)
      if (outcome === 'conflict') throw new Refusal('CHALLENGE_USED')
      return { outcome, resourceId: wallet.id }
    }
    const done = await once(parts.transfers, request, work, (id) => walletOf(vaspId, id))
    await reconsiderWallet(parts, vaspId, done.value)
    return done
  }

  return {
    async issue(request, input) {
      const { vaspId } = request.caller
      const work = async () => {
        const challenge = makeChallenge(parts, vaspId, input, policyOf(vaspId).challengeSeconds)
        const write = auditOf(request, 'wallet.challenged', challenge.id, { method: challenge.method })
        return { outcome: await parts.wallets.issue(challenge, write), resourceId: challenge.id }
      }
      return once(parts.transfers, request, work, (id) => challengeOf(vaspId, id))
    },

    async submit(request, challengeId, proof) {
      const { vaspId } = request.caller
      const challenge = await challengeOf(vaspId, challengeId)
      const { account, customer, method } = challenge
      const now = parts.clock.now()
      const expiresAt = new Date(now.getTime() + policyOf(vaspId).proofSeconds * 1000)
      const provenBy = callerName(request)
      // Within the call: one that was answered is answered again, whatever has become of its challenge.
      const known = await parts.transfers.outcome(vaspId, keyOf(request))
      if (known === undefined) {
        checkOpen(challenge, now)
        if (!answers(parts, challenge, proof)) throw new Refusal('WALLET_PROOF_INVALID')
      }
      return prove(request, { account, customer, method, provenBy, expiresAt }, challengeId)
    },

    async allow(request, { account, customer, expiresAt, person }) {
      await checkActing(parts, request.caller, person, 'allow-wallet')
      return prove(
        request,
        { ...ownerOf(account, customer), method: 'whitelist', provenBy: `person:${person}`, expiresAt },
        undefined,
      )
    },

    async revoke(request, id, { person, reason }) {
      await checkActing(parts, request.caller, person, 'revoke-wallet')
      const { vaspId } = request.caller
      const work = async () => {
        const revoked = { at: parts.clock.now(), by: `person:${person}`, reason }
        const write = auditOf(request, 'wallet.revoked', id, { by: revoked.by, reason })
        const outcome = await parts.wallets.revoke(vaspId, id, revoked, write)
        if (outcome === 'conflict') await walletOf(vaspId, id)
        return { outcome, resourceId: id }
      }
      return once(parts.transfers, request, work, (found) => walletOf(vaspId, found))
    },

    list: ({ vaspId }, { account, ...page }) =>
      parts.wallets.list(vaspId, {
        ...page,
        ...(account !== undefined && { account: canonicalAccountId(account) ?? account }),
      }),
  }
}

function ownerOf(account: string, customer: string): WalletOwner {
  return { account: canonicalAccountId(account) ?? account, customer }
}

/** Throws Refusal REQUEST_INVALID for a method of another chain. */
function makeChallenge(
  parts: Pick<Parts, 'newId' | 'clock' | 'vasps'>,
  vaspId: string,
  input: ChallengeInput,
  seconds: number,
): WalletChallenge {
  const { method } = input
  const owner = ownerOf(input.account, input.customer)
  const issuedAt = parts.clock.now()
  const expiresAt = new Date(issuedAt.getTime() + seconds * 1000)
  const about = { ...owner, id: parts.newId(), vaspId, issuedAt, expiresAt }
  if (method === 'micro-transfer') return { ...about, method, message: '', micro: microOf(input) }
  const chain = parseAccountId(owner.account)?.chain
  if (chain?.namespace !== NAMESPACE_OF[method])
    throw invalid('method', 'must be one for the chain of the account')
  const { legalName } = localVasp(parts, vaspId)
  const nonce = randomBytes(16).toString('base64url')
  const message =
    method === 'eip712'
      ? typedData(legalName, chain.reference, owner, nonce, expiresAt)
      : challengeText(legalName, owner, nonce, expiresAt)
  return { ...about, method, message }
}

/** Behind the base amount, so that what is sent stays as small. Most assets have six decimals or more. */
const BASE_DECIMALS_MAX = 4
const GUESS_DIGITS = 4

function microOf({ micro }: ChallengeInput): MicroTransfer {
  if (micro === undefined) throw invalid('micro_transfer', 'is required for this method')
  const base = canonicalDecimal(micro.base) ?? micro.base
  const decimals = base.split('.')[1]?.length ?? 0
  if (decimals > BASE_DECIMALS_MAX)
    throw invalid('micro_transfer.base_amount', 'must have at most 4 decimals')
  const places = decimals + GUESS_DIGITS
  const guess = randomInt(1, 10 ** GUESS_DIGITS)
  const digits = BigInt(base.replace('.', '')) * 10n ** BigInt(GUESS_DIGITS) + BigInt(guess)
  const text = digits.toString().padStart(places + 1, '0')
  const amount = `${text.slice(0, -places)}.${text.slice(-places)}`
  return {
    asset: canonicalAssetId(micro.asset) ?? micro.asset,
    amount: canonicalDecimal(amount) ?? amount,
    to: canonicalAccountId(micro.to) ?? micro.to,
  }
}

function invalid(field: string, description: string): Refusal {
  return new Refusal('REQUEST_INVALID', undefined, { fields: [{ field, description }] })
}

function answers(
  { walletProofs }: Pick<Parts, 'walletProofs'>,
  challenge: WalletChallenge,
  proof: ProofInput,
): boolean {
  const { method, account, message } = challenge
  if (method !== 'micro-transfer')
    return proof.signature !== undefined && walletProofs.isSigned(method, account, message, proof.signature)
  const { seen } = proof
  if (seen === undefined) return false
  return isAnswered(challenge, {
    asset: canonicalAssetId(seen.asset) ?? seen.asset,
    amount: seen.amount,
    from: canonicalAccountId(seen.from) ?? seen.from,
    to: canonicalAccountId(seen.to) ?? seen.to,
  })
}

/** The transfers that were held for the proof go on. */
async function reconsiderWallet(parts: Parts, vaspId: string, owner: WalletOwner): Promise<void> {
  let pageToken: string | undefined
  do {
    const page = await parts.transfers.listHolds(vaspId, {
      reasons: ['SELF_HOSTED_PROOF'],
      pageSize: 200,
      ...(pageToken !== undefined && { pageToken }),
    })
    for (const { transferId } of page.items)
      await applyStep(parts, {
        vaspId,
        transferId,
        actor: 'policy',
        async decide(current, ctx) {
          const isIts =
            current !== undefined &&
            canonicalAccountId(current.secret.destination) === owner.account &&
            current.secret.customer === owner.customer
          if (!isIts || !(await parts.wallets.isProven(vaspId, owner, ctx.now))) return undefined
          return causeGone(current, new Set(['SELF_HOSTED_PROOF']), ctx)
        },
      })
    pageToken = page.nextPageToken
  } while (pageToken !== undefined)
}
