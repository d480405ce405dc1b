/** The file of screening providers: what the names in policies stand for. docs/screening.md shows one. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { ScreeningProvider } from '../app/ports.ts'
import { withBreaker } from './breaker.ts'
import { httpProvider } from './http.ts'
import { listProvider } from './list.ts'

const name = z.string().regex(/^[a-z0-9-]{1,32}$/)
const path = z.string().min(1).max(4_096)
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

const Provider = z.discriminatedUnion('kind', [
  z
    .strictObject({
      name,
      kind: z.literal('list'),
      file: path,
      sha256: z
        .string()
        .regex(/^[0-9a-f]{64}$/)
        .exactOptional(),
      ed25519: z
        .string()
        .regex(/^[A-Za-z0-9_-]{43}$/)
        .exactOptional(),
      maxAgeDays: z.int().min(1).max(3_650).default(7),
    })
    .refine(({ sha256, ed25519 }) => (sha256 === undefined) !== (ed25519 === undefined), 'sha256 or ed25519'),
  z.strictObject({
    name,
    kind: z.literal('http'),
    url: z.url({ protocol: /^https?$/ }).refine((url) => {
      const { protocol, hostname } = new URL(url)
      return protocol === 'https:' || LOOPBACK.has(hostname)
    }, 'https, unless it is this machine: the parties’ names go there'),
    tokenFile: path.exactOptional(),
  }),
])

const Providers = z
  .array(Provider)
  .min(1)
  .max(32)
  .refine((list) => new Set(list.map((one) => one.name)).size === list.length, 'two providers have one name')

/** Throws an Error that lists every problem of the file; a list that cannot be believed is one. */
export function loadProviders(file: string): ReadonlyMap<string, ScreeningProvider> {
  let json: unknown
  try {
    json = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new Error(`${file}: not readable JSON`, { cause: error })
  }
  const parsed = Providers.safeParse(json)
  if (!parsed.success) throw new Error(`${file}:\n${z.prettifyError(parsed.error)}`)
  return new Map(parsed.data.map((one) => [one.name, withBreaker(providerOf(one))]))
}

function providerOf(one: z.output<typeof Provider>): ScreeningProvider {
  if (one.kind === 'http') {
    const token = one.tokenFile === undefined ? undefined : readFileSync(one.tokenFile, 'utf8').trim()
    return httpProvider({ url: one.url, token })
  }
  const integrity =
    one.ed25519 === undefined ? { sha256: one.sha256 ?? '' } : ({ ed25519: one.ed25519 } as const)
  return listProvider({ file: one.file, integrity, maxAgeDays: one.maxAgeDays })
}

/** Throws an Error when a policy names a provider that is not there: it would hold every transfer. */
export function checkProviders(
  providers: ReadonlyMap<string, ScreeningProvider>,
  vasps: Iterable<{
    readonly id: string
    readonly policy: { readonly screening?: { readonly providers: readonly string[] } }
  }>,
): void {
  for (const { id, policy } of vasps)
    for (const wanted of policy.screening?.providers ?? [])
      if (!providers.has(wanted))
        throw new Error(
          `the policy of ${id} names the screening provider ${wanted}, which TAMGA_SCREENING_FILE has not`,
        )
}
