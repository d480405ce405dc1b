/** The file of registers and directories that counterparties are checked against. docs/counterparties.md shows one. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { DirectorySource } from '../app/ports.ts'
import { esmaRegister } from './esma.ts'
import { gleifRecords } from './gleif.ts'
import { signedDirectory } from './signed-file.ts'

const name = z.string().regex(/^[a-z0-9-]{1,32}$/)
const path = z.string().min(1).max(4_096)
const days = (fallback: number) => z.int().min(1).max(400).default(fallback)
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

const Source = z.discriminatedUnion('kind', [
  z.strictObject({
    name,
    kind: z.literal('signed-file'),
    file: path,
    ed25519: z
      .array(z.string().regex(/^[A-Za-z0-9_-]{43}$/))
      .min(1)
      .max(8),
  }),
  z.strictObject({
    name,
    kind: z.literal('esma'),
    file: path,
    rowsMin: z.int().min(1).max(1_000_000).default(50),
    validDays: days(21),
  }),
  z.strictObject({
    name,
    kind: z.literal('gleif'),
    url: z.url({ protocol: /^https?$/ }).refine((url) => {
      const { protocol, hostname } = new URL(url)
      return protocol === 'https:' || LOOPBACK.has(hostname)
    }, 'https, unless it is this machine'),
    validDays: days(30),
  }),
])

/** `card`, `ping`, `policy` and `person` are sources of their own. */
const TAKEN = new Set(['card', 'ping', 'policy', 'person', 'caller', 'transfers'])

const Sources = z
  .array(Source)
  .min(1)
  .max(16)
  .refine((list) => new Set(list.map((one) => one.name)).size === list.length, 'two sources have one name')
  .refine((list) => list.every((one) => !TAKEN.has(one.name)), 'a name that means something else')

/** Checks a compact JWS of type tamga-directory+jws with one of these Ed25519 keys (RFC 8037, `x`), and gives the signed text. */
export type VerifyWith = (token: string, keys: readonly string[]) => Promise<string>

/** Throws an Error that lists every problem of the file. */
export function loadSources(file: string, verify: VerifyWith): ReadonlyMap<string, DirectorySource> {
  let json: unknown
  try {
    json = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new Error(`${file}: not readable JSON`, { cause: error })
  }
  const parsed = Sources.safeParse(json)
  if (!parsed.success) throw new Error(`${file}:\n${z.prettifyError(parsed.error)}`)
  return new Map(parsed.data.map((one) => [one.name, sourceOf(one, verify)]))
}

const DAY_SECONDS = 86_400

function sourceOf(one: z.output<typeof Source>, verify: VerifyWith): DirectorySource {
  switch (one.kind) {
    case 'signed-file':
      return signedDirectory(one, (token) => verify(token, one.ed25519))
    case 'esma':
      return esmaRegister({ ...one, validSeconds: one.validDays * DAY_SECONDS })
    case 'gleif':
      return gleifRecords({ ...one, validSeconds: one.validDays * DAY_SECONDS })
  }
}
