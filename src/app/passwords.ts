/** Passwords, kept as scrypt hashes (RFC 7914) in PHC string format: `$scrypt$ln=15,r=8,p=3$<salt>$<hash>`. */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'

interface Cost {
  /** log2 of N. */
  readonly ln: number
  readonly r: number
  readonly p: number
}

/** One of the settings that OWASP's Password Storage Cheat Sheet calls equal; 32 MiB, so that a gateway can afford several at once. */
const COST: Cost = { ln: 15, r: 8, p: 3 }
const SALT_BYTES = 16
const HASH_BYTES = 32
/** More would keep Node's four threads from everything else. */
const AT_ONCE_MAX = 2

export const PASSWORD_LENGTH = { min: 12, max: 128 } as const

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const hash = await derive(password, salt, COST)
  return `$scrypt$ln=${COST.ln},r=${COST.r},p=${COST.p}$${base64(salt)}$${base64(hash)}`
}

/** Without a stored hash it takes as long, and says no. */
export async function isPassword(password: string, stored: string | undefined): Promise<boolean> {
  const { cost, salt, hash } = parsed(stored ?? NOBODY)
  const derived = await derive(password, salt, cost)
  return timingSafeEqual(derived, hash) && stored !== undefined
}

/** The hash was made at another cost than new ones are. */
export function isOutdated(stored: string): boolean {
  const { cost } = parsed(stored)
  return cost.ln !== COST.ln || cost.r !== COST.r || cost.p !== COST.p
}

/** 25 letters and digits in groups, without those that look alike: 123 bits. */
export function newPassword(): string {
  const letters = Array.from({ length: 25 }, () => ALPHABET[randomBelow(ALPHABET.length)]).join('')
  return letters.replaceAll(/.{5}(?=.)/g, '$&-')
}

const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789'

function randomBelow(bound: number): number {
  for (;;) {
    const [byte = 255] = randomBytes(1)
    if (byte < 256 - (256 % bound)) return byte % bound
  }
}

const NOBODY = `$scrypt$ln=${COST.ln},r=${COST.r},p=${COST.p}$${base64(Buffer.alloc(SALT_BYTES))}$${base64(Buffer.alloc(HASH_BYTES))}`

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '')
}

const STORED = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

function parsed(stored: string): { readonly cost: Cost; readonly salt: Buffer; readonly hash: Buffer } {
  const [, ln, r, p, salt = '', hash = ''] = STORED.exec(stored) ?? []
  if (hash === '') throw new Error('a stored password hash is unreadable')
  const cost = { ln: Number(ln), r: Number(r), p: Number(p) }
  return { cost, salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64') }
}

let running = 0
const waiting: (() => void)[] = []

async function derive(password: string, salt: Buffer, cost: Cost): Promise<Buffer> {
  if (running >= AT_ONCE_MAX) await new Promise<void>((resolve) => waiting.push(resolve))
  running += 1
  try {
    return await scryptOf(password.normalize('NFKC'), salt, cost)
  } finally {
    running -= 1
    waiting.shift()?.()
  }
}

function scryptOf(password: string, salt: Buffer, { ln, r, p }: Cost): Promise<Buffer> {
  const options: ScryptOptions = { N: 2 ** ln, r, p, maxmem: 128 * r * 2 ** ln * 2 }
  return new Promise((resolve, reject) =>
    scrypt(password, salt, HASH_BYTES, options, (error, key) => (error ? reject(error) : resolve(key))),
  )
}
