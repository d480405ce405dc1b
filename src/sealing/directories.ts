/** Directories that somebody signs: compact JWS with one of the keys that the operator named. */
import type { PublicKeyRecord } from '../domain/envelope/public-key.ts'
import { verifyCompactJws } from './compact-jws.ts'
import { checkPublicKey, thumbprint } from './keys.ts'

const DIRECTORY_TYP = 'tamga-directory+jws'
const DIRECTORY_BYTES_MAX = 64_000_000

/** `keys` are `x` of Ed25519 JWKs (RFC 8037, 2); the header's kid is the thumbprint (RFC 7638). Throws EnvelopeRefusal. */
export async function verifyDirectory(token: string, keys: readonly string[]): Promise<string> {
  const records = keys.map(recordOf)
  const { payload } = await verifyCompactJws(token, {
    typ: DIRECTORY_TYP,
    keyFor: (kid) => records.find((key) => key.kid === kid),
    bytesMax: DIRECTORY_BYTES_MAX,
  })
  return payload
}

/** The operator's setting says that the key counts: it has no validity of its own. */
function recordOf(x: string): PublicKeyRecord {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x } as const
  const record = {
    kid: thumbprint(jwk),
    vaspId: '',
    use: 'sig',
    alg: 'Ed25519',
    jwk,
    notBefore: new Date(0),
    notAfter: new Date(8.64e15),
  } as const
  checkPublicKey(record)
  return record
}
