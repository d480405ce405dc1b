/**
 * Self-hosted wallets: who was proven to control which account, how, and until when. A challenge is used once, in its time, and for one
 * account of one customer. Rules say when a proof is needed (EU TFR 14(5): above EUR 1,000; EBA/GL/2024/11 para 83 lists the methods).
 */
import { canonicalDecimal } from '../decimal.ts'
import { Refusal } from '../refusal.ts'

export const SIGNED_METHODS = ['eip191', 'eip712', 'bip137', 'bip322'] as const
export type SignedMethod = (typeof SIGNED_METHODS)[number]
export const CHALLENGE_METHODS = [...SIGNED_METHODS, 'micro-transfer'] as const
export type ChallengeMethod = (typeof CHALLENGE_METHODS)[number]
/** `whitelist`: an officer's word. */
export const WALLET_METHODS = [...CHALLENGE_METHODS, 'whitelist'] as const
export type WalletMethod = (typeof WALLET_METHODS)[number]

/** Which namespace of CAIP-2 a signature belongs to. */
export const NAMESPACE_OF: Readonly<Record<SignedMethod, string>> = {
  eip191: 'eip155',
  eip712: 'eip155',
  bip137: 'bip122',
  bip322: 'bip122',
}

/** An account of a customer: CAIP-10, canonical, and the caller's own reference of the customer. */
export interface WalletOwner {
  readonly account: string
  readonly customer: string
}

export interface MicroTransfer {
  /** CAIP-19. */
  readonly asset: string
  readonly amount: string
  /** CAIP-10: an account of the VASP. */
  readonly to: string
}

export interface WalletChallenge extends WalletOwner {
  readonly id: string
  readonly vaspId: string
  readonly method: ChallengeMethod
  /** What is signed: a text, or for EIP-712 the typed data as JSON. Empty for a micro-transfer. */
  readonly message: string
  readonly micro?: MicroTransfer
  readonly issuedAt: Date
  readonly expiresAt: Date
  readonly usedAt?: Date
}

export interface Wallet extends WalletOwner {
  readonly id: string
  readonly vaspId: string
  readonly method: WalletMethod
  /** `caller:…` that brought the proof, or `person:…` whose word it is. */
  readonly provenBy: string
  readonly provenAt: Date
  readonly expiresAt: Date
  readonly revoked?: { readonly at: Date; readonly by: string; readonly reason: string }
}

export interface WalletPolicy {
  /** How long a challenge may be answered. */
  readonly challengeSeconds: number
  /** How long a proof is good. */
  readonly proofSeconds: number
  /** Whether a wallet must be proven where the rules leave it to the VASP's judgement. */
  readonly riskBased: 'prove' | 'allow'
}

export const WALLET_POLICY: WalletPolicy = {
  challengeSeconds: 900,
  proofSeconds: 365 * 86_400,
  riskBased: 'prove',
}

/** What a signer reads before signing: who asks, for which account of which customer, until when. One line each, no personal data. */
export function challengeText(
  vasp: string,
  { account, customer }: WalletOwner,
  nonce: string,
  expiresAt: Date,
): string {
  return [
    `${vasp} asks you to prove that you control this wallet.`,
    'Signing moves nothing and costs nothing.',
    `Account: ${account}`,
    `Reference: ${customer}`,
    `Nonce: ${nonce}`,
    `Valid until: ${expiresAt.toISOString()}`,
  ].join('\n')
}

/** The members of the EIP-712 message, in the order of the type. */
export const TYPED_FIELDS = ['statement', 'account', 'reference', 'nonce', 'expires'] as const

export function typedData(
  vasp: string,
  chainId: string,
  { account, customer }: WalletOwner,
  nonce: string,
  expiresAt: Date,
): string {
  return JSON.stringify({
    types: {
      EIP712Domain: [
        { name: 'name', type: 'string' },
        { name: 'version', type: 'string' },
        { name: 'chainId', type: 'uint256' },
      ],
      WalletProof: TYPED_FIELDS.map((name) => ({ name, type: 'string' })),
    },
    primaryType: 'WalletProof',
    domain: { name: 'Tamga', version: '1', chainId },
    message: {
      statement: `${vasp} asks you to prove that you control this wallet. Signing moves nothing.`,
      account,
      reference: customer,
      nonce,
      expires: expiresAt.toISOString(),
    },
  })
}

/** Throws Refusal CHALLENGE_USED or CHALLENGE_EXPIRED. */
export function checkOpen({ usedAt, expiresAt }: WalletChallenge, now: Date): void {
  if (usedAt !== undefined) throw new Refusal('CHALLENGE_USED')
  if (expiresAt <= now) throw new Refusal('CHALLENGE_EXPIRED')
}

/** What the caller saw on chain. */
export interface SeenTransfer extends MicroTransfer {
  /** CAIP-10. */
  readonly from: string
}

/** The very amount, of the very asset, from the account in question. */
export function isAnswered(challenge: WalletChallenge, seen: SeenTransfer): boolean {
  const { micro, account } = challenge
  return (
    micro !== undefined &&
    seen.from === account &&
    seen.to === micro.to &&
    seen.asset === micro.asset &&
    canonicalDecimal(seen.amount) === micro.amount
  )
}
