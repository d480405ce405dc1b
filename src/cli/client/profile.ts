/** Whom a command calls, and as whom: a named profile, or an address and PEM files. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import type { CallerRole } from '../../app/gateway.ts'
import { UsageError } from '../command.ts'

export const CONNECTION_OPTIONS = {
  as: { type: 'string' },
  data: { type: 'string', default: './data' },
  address: { type: 'string' },
  ca: { type: 'string' },
  cert: { type: 'string' },
  key: { type: 'string' },
  token: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

export const CONNECTION_USAGE =
  '[--as VASP[/ROLE] | --address HOST:PORT --ca FILE --cert FILE --key FILE] [--token FILE] [--json]'

export interface ConnectionValues {
  readonly as?: string | undefined
  readonly data: string
  readonly address?: string | undefined
  readonly ca?: string | undefined
  readonly cert?: string | undefined
  readonly key?: string | undefined
  /** File with the token of whoever acts. */
  readonly token?: string | undefined
  /** Whoever acts: a token that `tamga sign-in` has kept for this subject is sent. */
  readonly person?: string | undefined
}

/** `address` is the gateway's gRPC host:port, `http` the base URL of its HTTP door; the others are paths of PEM files. */
export interface ClientProfile {
  readonly address: string
  readonly ca: string
  readonly cert: string
  readonly key: string
  readonly http?: string
}

const ProfileFile = z.object({
  address: z.string().min(1).max(300),
  ca: z.string().min(1).max(4_096),
  cert: z.string().min(1).max(4_096),
  key: z.string().min(1).max(4_096),
  http: z.url().max(300).exactOptional(),
})

/** The VASP that `--as` names. */
export function vaspOf({ as }: ConnectionValues): string | undefined {
  return as?.split('/')[0]
}

/** `role` is whom the command is for, unless `--as` names another. Throws Error or UsageError that says what to type. */
export function profileOf(values: ConnectionValues, role: CallerRole): ClientProfile {
  if (values.address !== undefined) return explicit(values, values.address)
  if (values.as === undefined)
    throw new UsageError(
      `say who calls: --as VASP/${role} for a profile under ${values.data}/profiles, or --address, --ca, --cert and --key`,
    )
  const { vasp, named } =
    /^(?<vasp>[a-z0-9_]{1,32})(?:\/(?<named>[a-z]{1,20}))?$/.exec(values.as)?.groups ?? {}
  if (vasp === undefined) throw new UsageError('--as is VASP or VASP/ROLE, as in alice/integrator')
  return fromFile(join(values.data, 'profiles', `${vasp}-${named ?? role}.json`))
}

function explicit({ ca, cert, key }: ConnectionValues, address: string): ClientProfile {
  if (ca === undefined || cert === undefined || key === undefined)
    throw new UsageError('--address needs --ca, --cert and --key beside it')
  return { address, ca, cert, key }
}

function fromFile(file: string): ClientProfile {
  if (!existsSync(file))
    throw new Error(
      `there is no profile ${file}; start the demo first ("tamga demo"), name its folder with --data, or give --address, --ca, --cert and --key`,
    )
  const parsed = ProfileFile.safeParse(jsonOf(file))
  if (!parsed.success) throw new Error(`${file} is no profile: ${z.prettifyError(parsed.error)}`)
  const here = (path: string) => resolve(dirname(file), path)
  const { ca, cert, key } = parsed.data
  return { ...parsed.data, ca: here(ca), cert: here(cert), key: here(key) }
}

function jsonOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new Error(`${file} is no profile: it is not readable JSON`, { cause: error })
  }
}
