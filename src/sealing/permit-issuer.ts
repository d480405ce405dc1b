/** The permit port: issued and verified with the VASP's own keys. */
import type { PermitClaims, Permits } from '../app/ports.ts'
import { EnvelopeRefusal } from '../domain/envelope/refusal.ts'
import type { PermitClaims as WireClaims } from '../domain/permit/permit.ts'
import { Refusal } from '../domain/refusal.ts'
import { jwkSetOf } from './jwk-set.ts'
import type { KeyStore } from './key-store.ts'
import { issuePermit, verifyPermit } from './permits.ts'

/** Where no rule was asked, as under a policy of the VASP's own. */
const NO_RULE = 'none'

export function permitIssuer(keyStore: KeyStore, now: () => Date): Permits {
  return {
    async issue(claims) {
      try {
        return await issuePermit(keyStore, toWire(claims))
      } catch (error) {
        // Whatever led here, a counterparty's answer perhaps, is not to blame for claims of ours.
        if (error instanceof EnvelopeRefusal)
          throw new Error(`the claims of a permit break its own rules: ${error.reason}`, { cause: error })
        throw error
      }
    },

    async verify(vaspId, permit) {
      const keys = await keyStore.publicKeys(vaspId)
      try {
        return fromWire(await verifyPermit(permit, jwkSetOf(keys), now()))
      } catch (error) {
        if (!(error instanceof EnvelopeRefusal)) throw error
        throw new Refusal(error.reason === 'EXPIRED' ? 'PERMIT_EXPIRED' : 'PERMIT_INVALID', error.reason, {
          cause: error,
        })
      }
    },
  }
}

function toWire(claims: PermitClaims): WireClaims {
  const { counterpartyId, tag } = claims
  return {
    transferId: claims.transferId,
    vasp: claims.vaspId,
    ...(counterpartyId !== undefined && { counterparty: counterpartyId }),
    asset: claims.asset,
    amount: claims.amount,
    destination: claims.destination,
    ...(tag !== undefined && { tag }),
    ruleVersion: claims.ruleVersion ?? NO_RULE,
    approvers: claims.approvers,
    jti: claims.jti,
    iat: Math.floor(claims.issuedAt.getTime() / 1000),
    exp: Math.floor(claims.expiresAt.getTime() / 1000),
  }
}

function fromWire(claims: WireClaims): PermitClaims {
  return {
    jti: claims.jti,
    transferId: claims.transferId,
    vaspId: claims.vasp,
    counterpartyId: claims.counterparty,
    asset: claims.asset,
    amount: claims.amount,
    destination: claims.destination,
    tag: claims.tag,
    ruleVersion: claims.ruleVersion,
    approvers: claims.approvers,
    issuedAt: new Date(claims.iat * 1000),
    expiresAt: new Date(claims.exp * 1000),
  }
}
