/** One private key as a JSON file, mode 0600, written whole or not at all. */
import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { link, open, rename, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { ALGORITHM_OF, CURVE_OF, type KeyUse, type PublicKeyRecord } from '../domain/envelope/public-key.ts'
import { KeyStoreError } from './key-store.ts'
import { thumbprint } from './keys.ts'

/** `kek` wraps data keys, `index` keys the blind indexes. */
export const KEY_FILE_USES = ['sig', 'enc', 'kek', 'index'] as const

const Base64url32 = z.string().regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/)
const Common = {
  kid: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  vasp_id: z.string().regex(/^[a-z0-9_]{1,32}$/),
  not_before: z.coerce.date(),
  /** In place of `d` or `k`: where it is, in another's custody (custody.ts). */
  held: z
    .string()
    .max(8_192)
    .regex(/^(pkcs11|vault):[A-Za-z0-9_-]+( [A-Za-z0-9_-]+)?$/)
    .optional(),
}
const PairFile = z.strictObject({
  ...Common,
  use: z.enum(['sig', 'enc']),
  alg: z.enum(['Ed25519', 'ECDH-ES']),
  not_after: z.coerce.date(),
  revoked_at: z.coerce.date().optional(),
  jwk: z.strictObject({
    kty: z.literal('OKP'),
    crv: z.enum(['Ed25519', 'X25519']),
    x: Base64url32,
    d: Base64url32.optional(),
  }),
})
const SecretFile = z.strictObject({ ...Common, use: z.enum(['kek', 'index']), k: Base64url32.optional() })
const KeyFile = z.discriminatedUnion('use', [PairFile, SecretFile])

export type PairFile = z.infer<typeof PairFile>
export type SecretFile = z.infer<typeof SecretFile>
export type KeyFile = PairFile | SecretFile

/** Refuses a file that others may read or write, that is no key file, or whose kid is not its key's. Throws KeyStoreError. */
export async function readKeyFile(path: string): Promise<KeyFile> {
  const file = await open(path, 'r')
  try {
    const { mode } = await file.stat()
    if ((mode & 0o077) !== 0) throw new KeyStoreError('KEY_FILE_MODE', `${path} must have mode 0600`)
    return checked(path, await file.readFile('utf8'))
  } finally {
    await file.close()
  }
}

function checked(path: string, text: string): KeyFile {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    // The parser's message would quote the key.
    throw new KeyStoreError('KEY_FILE', `${path} is not JSON`)
  }
  const parsed = KeyFile.safeParse(json)
  if (!parsed.success) {
    const fields = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ')
    throw new KeyStoreError('KEY_FILE', `${path}: check ${fields}`)
  }
  const key = parsed.data
  const isHere = (isPair(key) ? key.jwk.d : key.k) !== undefined
  if (isHere === (key.held !== undefined))
    throw new KeyStoreError('KEY_FILE', `${path}: check ${isPair(key) ? 'd' : 'k'}, held`)
  if (isPair(key)) checkPair(path, key)
  return key
}

function checkPair(path: string, key: PairFile): void {
  const { d: _, ...jwk } = key.jwk
  const sound =
    key.alg === ALGORITHM_OF[key.use] &&
    key.jwk.crv === CURVE_OF[key.use] &&
    key.kid === thumbprint(jwk) &&
    // Node takes `x` on trust; a wrong one would make signatures that nobody can verify.
    (key.jwk.d === undefined || privateKeyObject(key).export({ format: 'jwk' }).x === key.jwk.x)
  if (!sound) throw new KeyStoreError('KEY_FILE', `${path}: use, alg, kid and key disagree`)
}

export function isPair(key: KeyFile): key is PairFile {
  return key.use === 'sig' || key.use === 'enc'
}

/** `d` in place of the file's own. */
export function privateKeyObject(key: PairFile, d = key.jwk.d): KeyObject {
  return createPrivateKey({ key: { ...key.jwk, d: d ?? '' }, format: 'jwk' })
}

export function publicRecord(key: PairFile): PublicKeyRecord {
  const { kty, crv, x } = key.jwk
  const record = {
    kid: key.kid,
    vaspId: key.vasp_id,
    use: key.use,
    alg: key.alg,
    jwk: { kty, crv, x },
    notBefore: key.not_before,
    notAfter: key.not_after,
  }
  return key.revoked_at === undefined ? record : { ...record, revokedAt: key.revoked_at }
}

export function newPair(vaspId: string, use: KeyUse, notBefore: Date, notAfter: Date): PairFile {
  const pair = use === 'sig' ? generateKeyPairSync('ed25519') : generateKeyPairSync('x25519')
  const { x = '', d = '' } = pair.privateKey.export({ format: 'jwk' })
  return pairFile(vaspId, use, { x, d }, notBefore, notAfter)
}

/** With `d`, or, for a key in another's custody, without. */
export function pairFile(
  vaspId: string,
  use: KeyUse,
  { x, d }: { readonly x: string; readonly d?: string },
  notBefore: Date,
  notAfter: Date,
): PairFile {
  const jwk = { kty: 'OKP', crv: CURVE_OF[use], x } as const
  return {
    kid: thumbprint(jwk),
    vasp_id: vaspId,
    use,
    alg: ALGORITHM_OF[use],
    not_before: notBefore,
    not_after: notAfter,
    jwk: d === undefined ? jwk : { ...jwk, d },
  }
}

export function newSecret(vaspId: string, use: 'kek' | 'index', notBefore: Date): SecretFile {
  return {
    kid: randomBytes(16).toString('base64url'),
    vasp_id: vaspId,
    use,
    not_before: notBefore,
    k: randomBytes(32).toString('base64url'),
  }
}

/** False when the file exists: of two processes that create the same key, one wins and the other reads. */
export async function createKeyFile(path: string, key: KeyFile): Promise<boolean> {
  const temporary = await writeTemporary(path, key)
  try {
    await link(temporary, path)
    await syncDirectory(path)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  } finally {
    await unlink(temporary)
  }
}

export async function replaceKeyFile(path: string, key: KeyFile): Promise<void> {
  await rename(await writeTemporary(path, key), path)
  await syncDirectory(path)
}

async function writeTemporary(path: string, key: KeyFile): Promise<string> {
  const temporary = join(dirname(path), `.${randomBytes(8).toString('hex')}.tmp`)
  const file = await open(temporary, 'wx', 0o600)
  try {
    await file.writeFile(`${JSON.stringify(key, null, 2)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  return temporary
}

/** A name is durable only once its directory is. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(dirname(path), 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}
