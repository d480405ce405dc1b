/** A custody platform's signer: it signs what the permit names, and believes the permit only by the gateway's published keys. */
import { createLocalJWKSet, type JWK, jwtVerify } from 'jose'
import { connect } from './connect.ts'

/** The document at /.well-known/jwks.json. */
export interface KeySet {
  keys: (JWK & { readonly vasp_id?: string })[]
}

/** What is about to be signed, read from the transaction itself and written as AuthorizeTransfer had it. */
export interface Transaction {
  readonly asset: string
  readonly amount: string
  readonly destination: string
  readonly tag?: string
}

/** Offline: `keys` is fetched once and kept; again when a key id is unknown. Throws unless the permit is for this transaction, now. */
export async function checkPermit(
  keys: KeySet,
  vasp: string,
  permit: string,
  transaction: Transaction,
): Promise<void> {
  const { payload, protectedHeader } = await jwtVerify(permit, createLocalJWKSet(keys), {
    typ: 'tamga-permit+jws',
    algorithms: ['Ed25519'],
    requiredClaims: ['iat', 'exp', 'jti'],
    clockTolerance: 0,
  })
  // One gateway serves many VASPs: the key must be that of the client for whom is signed.
  const owner = keys.keys.find(({ kid }) => kid === protectedHeader.kid)?.vasp_id
  if (payload['vasp'] !== vasp || owner !== vasp) throw new Error('the permit is another VASP’s')
  for (const field of ['asset', 'amount', 'destination', 'tag'] as const)
    if (payload[field] !== transaction[field]) throw new Error(`the permit is for another ${field}`)
}

/** Signs only after both checks: offline, so that a gateway that was broken into cannot forge; redeemed, so that it happens once. */
export async function signWithPermit(
  profile: string,
  keys: KeySet,
  vasp: string,
  permit: string,
  transaction: Transaction,
  sign: (transaction: Transaction) => Promise<string>,
): Promise<string> {
  await checkPermit(keys, vasp, permit, transaction)
  const gateway = connect(profile)
  try {
    const { tag: destination_tag = '', ...same } = transaction
    // A transaction is redeemed under one request_id, so that repeating after a crash is no second spending.
    const request_id = `redeem/${permit.slice(-40)}`
    await gateway.call('TransferService/RedeemPermit', { request_id, permit, ...same, destination_tag })
    return await sign(transaction)
  } finally {
    gateway.close()
  }
}
