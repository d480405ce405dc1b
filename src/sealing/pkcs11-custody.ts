/** Custody in a PKCS#11 token: keys are made there, marked as not extractable, and found again by their CKA_ID. */
import { randomBytes } from 'node:crypto'
import type { Custody, HeldKey } from './custody.ts'
import { KeyStoreError } from './key-store.ts'
import { attribute, CKA, CKM, CKO, CKR_UNOPENED, gcm, Pkcs11Error, plain } from './pkcs11-library.ts'
import { type Pkcs11Settings, pkcs11Sessions, type Session } from './pkcs11-sessions.ts'

/** OID 1.3.101.112, id-Ed25519 (RFC 8410), in DER. */
const ED25519 = Buffer.from('06032b6570', 'hex')
const VERSION = 1
const NONCE_BYTES = 12
const TAG_BYTES = 16

export function pkcs11Custody(settings: Pkcs11Settings): Custody {
  const sessions = pkcs11Sessions(settings)
  const handles = new Map<HeldKey, number>()

  async function handleOf(session: Session, held: HeldKey, kind: number): Promise<number> {
    const known = handles.get(held)
    if (known !== undefined) return known
    const handle = await session.find([attribute(CKA.CLASS, kind), attribute(CKA.ID, idOf(held))])
    if (handle === undefined) throw new KeyStoreError('NO_KEY', `${held} is not in the token`)
    handles.set(held, handle)
    return handle
  }

  const onSession = <T>(work: (session: Session) => Promise<T>) => sessions.use(work, () => handles.clear())

  return {
    name: 'pkcs11',

    newSigningKey: (label) =>
      onSession(async (session) => {
        const id = randomBytes(16)
        const [publicHalf, privateHalf] = [[0], [0]]
        const common = [
          attribute(CKA.TOKEN, true),
          attribute(CKA.ID, id),
          attribute(CKA.LABEL, `tamga ${label}`),
        ]
        const given = [...common, attribute(CKA.VERIFY, true), attribute(CKA.EC_PARAMS, ED25519)]
        const kept = [...common, ...GUARDED, attribute(CKA.SIGN, true)]
        const mechanism = plain(CKM.EDWARDS_KEY_PAIR_GEN)
        const args = [mechanism, given, given.length, kept, kept.length, publicHalf, privateHalf]
        await session.call('C_GenerateKeyPair', args)
        const point = Buffer.alloc(128)
        await session.call('C_GetAttributeValue', [publicHalf[0], [attribute(CKA.EC_POINT, point)], 1])
        return { held: `pkcs11:${id.toString('hex')}`, x: edwardsPoint(point) }
      }),

    sign: (held, bytes) =>
      onSession(async (session) => {
        const key = await handleOf(session, held, CKO.PRIVATE_KEY)
        await session.call('C_SignInit', [plain(CKM.EDDSA), key])
        return session.output('C_Sign', bytes, 64)
      }),

    newWrappingKey: (label) =>
      onSession(async (session) => {
        const id = randomBytes(16)
        const template = [
          attribute(CKA.TOKEN, true),
          attribute(CKA.ID, id),
          attribute(CKA.LABEL, `tamga ${label}`),
          ...GUARDED,
          attribute(CKA.ENCRYPT, true),
          attribute(CKA.DECRYPT, true),
          attribute(CKA.VALUE_LEN, 32),
        ]
        await session.call('C_GenerateKey', [plain(CKM.AES_KEY_GEN), template, template.length, [0]])
        return `pkcs11:${id.toString('hex')}`
      }),

    wrap: (held, aad, bytes) =>
      onSession(async (session) => {
        const [nonce, context] = [randomBytes(NONCE_BYTES), Buffer.from(aad)]
        const key = await handleOf(session, held, CKO.SECRET_KEY)
        await session.call('C_EncryptInit', [gcm(nonce, context), key])
        const sealed = await session.output('C_Encrypt', bytes, bytes.length + TAG_BYTES)
        return Buffer.concat([Buffer.of(VERSION), nonce, sealed])
      }),

    unwrap: (held, aad, wrapped) =>
      onSession(async (session) => {
        if (wrapped.length < 1 + NONCE_BYTES + TAG_BYTES || wrapped[0] !== VERSION)
          throw new KeyStoreError('UNWRAP', held)
        const nonce = Buffer.from(wrapped.subarray(1, 1 + NONCE_BYTES))
        const context = Buffer.from(aad)
        const sealed = wrapped.subarray(1 + NONCE_BYTES)
        const key = await handleOf(session, held, CKO.SECRET_KEY)
        await session.call('C_DecryptInit', [gcm(nonce, context), key])
        try {
          return await session.output('C_Decrypt', sealed, sealed.length)
        } catch (error) {
          if (error instanceof Pkcs11Error && CKR_UNOPENED.has(error.rv))
            throw new KeyStoreError('UNWRAP', held, { cause: error })
          throw error
        }
      }),

    destroy: (held) =>
      onSession(async (session) => {
        handles.delete(held)
        for (;;) {
          const handle = await session.find([attribute(CKA.ID, idOf(held))])
          if (handle === undefined) return
          await session.call('C_DestroyObject', [handle])
        }
      }),

    check: () => onSession((session) => session.check()),
    close: () => sessions.close(),
  }
}

const GUARDED = [
  attribute(CKA.PRIVATE, true),
  attribute(CKA.SENSITIVE, true),
  attribute(CKA.EXTRACTABLE, false),
]

function idOf(held: HeldKey): Buffer {
  return Buffer.from(held.slice('pkcs11:'.length), 'hex')
}

/** A DER OCTET STRING of 32 bytes, as most tokens give it, or the bare bytes, as PKCS#11 3.0 allows. */
function edwardsPoint(bytes: Buffer): Buffer {
  return bytes[0] === 0x04 && bytes[1] === 0x20 ? bytes.subarray(2, 34) : bytes.subarray(0, 32)
}
