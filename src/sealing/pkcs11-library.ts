/** PKCS#11 2.40 (OASIS), as far as a custody needs it, over the library's C functions. Numbers are the standard's. */
import koffi from 'koffi'

const CKR_OK = 0x0
export const CKR_ALREADY = new Set([
  0x191 /* CRYPTOKI_ALREADY_INITIALIZED */, 0x100 /* USER_ALREADY_LOGGED_IN */,
])
/** The session or the device went away: open anew and try again. */
export const CKR_GONE: ReadonlySet<number> = new Set([0x30, 0x31, 0x32, 0x82, 0xb0, 0xb3, 0xe0, 0x60, 0x101])
/** What a decryption says of something that does not open: data or length invalid, or, in SoftHSM, a general error. */
export const CKR_UNOPENED: ReadonlySet<number> = new Set([0x5, 0x6, 0x20, 0x21, 0x40, 0x41])

export const CKM = {
  EDWARDS_KEY_PAIR_GEN: 0x1055,
  EDDSA: 0x1057,
  AES_KEY_GEN: 0x1080,
  AES_GCM: 0x1087,
} as const
export const CKA = {
  CLASS: 0x0,
  TOKEN: 0x1,
  PRIVATE: 0x2,
  LABEL: 0x3,
  ID: 0x102,
  SENSITIVE: 0x103,
  ENCRYPT: 0x104,
  DECRYPT: 0x105,
  SIGN: 0x108,
  VERIFY: 0x10a,
  VALUE_LEN: 0x161,
  EXTRACTABLE: 0x162,
  EC_PARAMS: 0x180,
  EC_POINT: 0x181,
} as const
export const CKO = { PUBLIC_KEY: 0x2, PRIVATE_KEY: 0x3, SECRET_KEY: 0x4 } as const

export class Pkcs11Error extends Error {
  override readonly name = 'Pkcs11Error'
  readonly rv: number

  constructor(call: string, rv: number) {
    super(`${call} answered 0x${rv.toString(16)}`)
    this.rv = rv
  }
}

export interface Attribute {
  readonly type: number
  readonly pValue: Buffer
  readonly ulValueLen: number
}

export function attribute(type: number, value: Buffer | string | boolean | number): Attribute {
  const pValue = valueOf(value)
  return { type, pValue, ulValueLen: pValue.length }
}

function valueOf(value: Buffer | string | boolean | number): Buffer {
  if (Buffer.isBuffer(value)) return value
  if (typeof value === 'string') return Buffer.from(value)
  if (typeof value === 'boolean') return Buffer.of(value ? 1 : 0)
  // CK_ULONG is C's unsigned long: 8 bytes on the 64-bit systems that we run on, low byte first.
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}

export interface Mechanism {
  readonly mechanism: number
  readonly pParameter: unknown
  readonly ulParameterLen: number
}

koffi.struct('CK_MECHANISM', { mechanism: 'ulong', pParameter: 'void *', ulParameterLen: 'ulong' })
koffi.struct('CK_ATTRIBUTE', { type: 'ulong', pValue: 'void *', ulValueLen: 'ulong' })
koffi.struct('CK_C_INITIALIZE_ARGS', {
  CreateMutex: 'void *',
  DestroyMutex: 'void *',
  LockMutex: 'void *',
  UnlockMutex: 'void *',
  flags: 'ulong',
  pReserved: 'void *',
})
const GcmParams = koffi.struct('CK_GCM_PARAMS', {
  pIv: 'void *',
  ulIvLen: 'ulong',
  ulIvBits: 'ulong',
  pAAD: 'void *',
  ulAADLen: 'ulong',
  ulTagBits: 'ulong',
})

export function plain(mechanism: number): Mechanism {
  return { mechanism, pParameter: null, ulParameterLen: 0 }
}

/** `iv` and `aad` must live until the call has come back. */
export function gcm(iv: Buffer, aad: Buffer): Mechanism {
  const parameter: unknown = koffi.alloc(GcmParams, 1)
  const values = {
    pIv: iv,
    ulIvLen: iv.length,
    ulIvBits: iv.length * 8,
    pAAD: aad,
    ulAADLen: aad.length,
    ulTagBits: 128,
  }
  koffi.encode(parameter, GcmParams, values)
  return { mechanism: CKM.AES_GCM, pParameter: parameter, ulParameterLen: koffi.sizeof(GcmParams) }
}

const ulongOut = koffi.out(koffi.pointer('ulong'))
const ulongBoth = koffi.inout(koffi.pointer('ulong'))
const SIGNATURES = {
  C_Initialize: ['CK_C_INITIALIZE_ARGS *'],
  C_GetSlotList: ['uchar', ulongOut, ulongBoth],
  C_GetTokenInfo: ['ulong', 'void *'],
  C_OpenSession: ['ulong', 'ulong', 'void *', 'void *', ulongOut],
  C_CloseSession: ['ulong'],
  C_Login: ['ulong', 'ulong', 'void *', 'ulong'],
  C_GenerateKeyPair: [
    'ulong',
    'CK_MECHANISM *',
    'CK_ATTRIBUTE *',
    'ulong',
    'CK_ATTRIBUTE *',
    'ulong',
    ulongOut,
    ulongOut,
  ],
  C_GenerateKey: ['ulong', 'CK_MECHANISM *', 'CK_ATTRIBUTE *', 'ulong', ulongOut],
  C_GetAttributeValue: ['ulong', 'ulong', 'CK_ATTRIBUTE *', 'ulong'],
  C_FindObjectsInit: ['ulong', 'CK_ATTRIBUTE *', 'ulong'],
  C_FindObjects: ['ulong', ulongOut, 'ulong', ulongOut],
  C_FindObjectsFinal: ['ulong'],
  C_DestroyObject: ['ulong', 'ulong'],
  C_SignInit: ['ulong', 'CK_MECHANISM *', 'ulong'],
  C_Sign: ['ulong', 'void *', 'ulong', 'void *', ulongBoth],
  C_EncryptInit: ['ulong', 'CK_MECHANISM *', 'ulong'],
  C_Encrypt: ['ulong', 'void *', 'ulong', 'void *', ulongBoth],
  C_DecryptInit: ['ulong', 'CK_MECHANISM *', 'ulong'],
  C_Decrypt: ['ulong', 'void *', 'ulong', 'void *', ulongBoth],
} as const
export type Pkcs11Call = keyof typeof SIGNATURES

export interface Pkcs11Library {
  /** On a thread of its own, so that a slow device does not stop the gateway. Throws Pkcs11Error unless it answers one of `fine`. */
  call(name: Pkcs11Call, args: readonly unknown[], fine?: ReadonlySet<number>): Promise<void>
}

/** Throws an Error when the file is no PKCS#11 library. */
export function loadPkcs11(path: string): Pkcs11Library {
  const library = koffi.load(path)
  const functions = new Map(
    Object.entries(SIGNATURES).map(([name, parameters]) => [
      name,
      library.func(name, 'ulong', [...parameters]),
    ]),
  )
  return {
    call: (name, args, fine) =>
      new Promise((resolve, reject) => {
        functions.get(name)?.async(...args, (error: unknown, rv: number) => {
          if (error) reject(error instanceof Error ? error : new Error(name))
          else if (rv !== CKR_OK && fine?.has(rv) !== true) reject(new Pkcs11Error(name, rv))
          else resolve()
        })
      }),
  }
}
