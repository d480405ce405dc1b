/** `tamga permit verify`: does this permit allow this transaction? Offline but for fetching the key set, if by URL. */
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { EnvelopeRefusal } from '../domain/envelope/refusal.ts'
import { type PermitClaims, permitMismatch, type WantedTransaction } from '../domain/permit/permit.ts'
import { type JwkSet, parseJwkSet, readJwkSet } from '../sealing/jwk-set.ts'
import { verifyPermit } from '../sealing/permits.ts'
import { type Command, type ExitCode, type Io, UsageError } from './command.ts'

const FETCH_TIMEOUT_MILLISECONDS = 5_000
const JWKS_BYTES_MAX = 1_000_000

export const command: Command = {
  usage:
    'verify --jwks FILE|URL [--destination CAIP10] [--tag TAG] [--asset CAIP19] [--amount DECIMAL] [--vasp ID] [--transfer ID] [--json] TOKEN',
  summary: 'Checks a permit against the gateway’s key set and the transaction that is about to be signed',
  run,
}

async function run(args: readonly string[], io: Io): Promise<ExitCode> {
  const { values, positionals } = parse(args)
  const [verb, token] = positionals
  if (verb !== 'verify' || token === undefined || positionals.length !== 2 || values.jwks === undefined) {
    throw new UsageError(`usage: tamga permit ${command.usage}`)
  }
  const jwks = usable(await readKeySet(values.jwks))
  const wanted = wantedOf(values)
  const verdict = await judge(token.trim(), jwks, wanted)
  if (values.json === true) io.out(JSON.stringify(verdict))
  else if (verdict.valid) io.out(`valid until ${new Date(verdict.claims.exp * 1000).toISOString()}`)
  else io.err(`tamga: the permit does not allow this: ${verdict.why}`)
  return verdict.valid ? 0 : 1
}

type Verdict =
  | { readonly valid: true; readonly claims: PermitClaims }
  | { readonly valid: false; readonly reason: string; readonly field?: string; readonly why: string }

async function judge(token: string, jwks: JwkSet, wanted: WantedTransaction): Promise<Verdict> {
  try {
    const claims = await verifyPermit(token, jwks, new Date())
    const field = permitMismatch(claims, wanted)
    if (field === undefined) return { valid: true, claims }
    return { valid: false, reason: 'PERMIT_MISMATCH', field, why: `it is for another ${field}` }
  } catch (error) {
    if (!(error instanceof EnvelopeRefusal)) throw error
    return { valid: false, reason: error.reason, why: error.message }
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        jwks: { type: 'string' },
        destination: { type: 'string' },
        tag: { type: 'string' },
        asset: { type: 'string' },
        amount: { type: 'string' },
        vasp: { type: 'string' },
        transfer: { type: 'string' },
        json: { type: 'boolean' },
      },
    })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : 'unreadable arguments')
  }
}

function wantedOf(values: ReturnType<typeof parse>['values']): WantedTransaction {
  const { destination, tag, asset, amount, vasp, transfer } = values
  return {
    ...(destination !== undefined && { destination }),
    ...(tag !== undefined && { tag }),
    ...(asset !== undefined && { asset }),
    ...(amount !== undefined && { amount }),
    ...(vasp !== undefined && { vasp }),
    ...(transfer !== undefined && { transferId: transfer }),
  }
}

/** A key set that cannot be read is no verdict about the permit. */
function usable(text: string): JwkSet {
  try {
    const set = parseJwkSet(text)
    readJwkSet(set)
    return set
  } catch (error) {
    if (error instanceof EnvelopeRefusal)
      throw new Error(`the key set cannot be used: ${error.message}`, { cause: error })
    throw error
  }
}

/** A key set over plain HTTP could be anybody's, except on this machine. */
async function readKeySet(place: string): Promise<string> {
  if (!/^https?:\/\//.test(place)) return readFile(place, 'utf8')
  const url = new URL(place)
  const local = ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname)
  if (url.protocol !== 'https:' && !local)
    throw new UsageError('--jwks takes https URLs, or http on this machine')
  const response = await fetch(url, {
    redirect: 'error',
    signal: AbortSignal.timeout(FETCH_TIMEOUT_MILLISECONDS),
  })
  if (!response.ok) throw new Error(`the key set could not be fetched: HTTP ${response.status}`)
  const text = await response.text()
  if (text.length > JWKS_BYTES_MAX) throw new Error('the key set is too large')
  return text
}
