/** One command's conversation with a gateway: connect, work, explain what went wrong, close. */
import { readFileSync } from 'node:fs'
import type { CallerRole } from '../../app/gateway.ts'
import { connectGateway, type GatewayClient, GatewayError } from '../../grpc/client.ts'
import type { ExitCode, Io } from '../command.ts'
import { type ConnectionValues, profileOf } from './profile.ts'
import { tokenOf } from './token-file.ts'

export interface Session {
  readonly client: GatewayClient
  readonly io: Io
  readonly json: boolean
  /** Prints the answer: as one JSON document, or as lines for a person. */
  readonly answer: (json: object, lines: readonly string[]) => void
}

/** Throws what is not the gateway's answer: a mistyped option, a missing file. */
export async function withGateway(
  values: ConnectionValues & { readonly json: boolean },
  role: CallerRole,
  io: Io,
  work: (session: Session) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { address, ca, cert, key } = profileOf(values, role)
  const pem = { ca: readPem(ca), cert: readPem(cert), key: readPem(key) }
  const personToken = tokenOf(values)
  const client = connectGateway({ address, ...pem, ...(personToken !== undefined && { personToken }) })
  try {
    return await work({
      client,
      io,
      json: values.json,
      answer: (json, lines) => {
        if (values.json) io.out(JSON.stringify(json))
        else for (const line of lines) io.out(line)
      },
    })
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    if (values.json) io.out(JSON.stringify({ error: errorJson(error) }))
    for (const line of errorLines(error, address)) io.err(line)
    return exitCodeOf(error)
  } finally {
    client.close()
  }
}

/** Nobody knows, or nothing was decided: the same call may succeed later. Everything else is the gateway's no. */
const UNDONE: ReadonlySet<string> = new Set([
  'UNAVAILABLE',
  'DEADLINE_EXCEEDED',
  'CANCELLED',
  'INTERNAL',
  'UNKNOWN',
  'DATA_LOSS',
  'RESOURCE_EXHAUSTED',
  'UNAUTHENTICATED',
  'UNIMPLEMENTED',
])

export function exitCodeOf({ code, retryDelayMs }: GatewayError): 1 | 2 {
  return UNDONE.has(code) || retryDelayMs !== undefined ? 2 : 1
}

export function errorLines(error: GatewayError, address: string): readonly string[] {
  const { code, reason, fields, retryDelayMs, message } = error
  if (code === 'UNAVAILABLE' && reason === undefined)
    return [
      `tamga: no connection to the gateway at ${address}; is it running, and are the certificates its own? (${message})`,
    ]
  if (code === 'DEADLINE_EXCEEDED')
    return ['tamga: the gateway did not answer in time; say the same again with the same --request-id']
  const again =
    retryDelayMs === undefined ? '' : `; repeat it with the same --request-id in ${retryDelayMs} ms`
  return [
    `tamga: ${message} (${reason ?? code})${again}`,
    ...fields.map(({ field, description }) => `  ${field || '(message)'}: ${description}`),
  ]
}

function errorJson({ code, reason, message, fields, retryDelayMs }: GatewayError): object {
  return { status: code, reason: reason ?? null, message, fields, retry_ms: retryDelayMs ?? null }
}

function readPem(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new Error(`cannot read ${file}`, { cause: error })
  }
}

/** One page of a list, for people: its rows or that there are none, and how to see more. */
export function pageLines(rows: readonly string[], nothing: string, nextPageToken: string): string[] {
  return [
    ...(rows.length === 0 ? [nothing] : rows),
    ...(nextPageToken === '' ? [] : [`more: --page ${nextPageToken}`]),
  ]
}
