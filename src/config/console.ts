/** The web console. */
import { z } from 'zod'
import {
  type ConsoleClientConfig,
  consoleClientOf,
  consoleClientProblems,
  consoleClientSettings,
} from './console-client.ts'
import { listen, path } from './setting.ts'

export const consoleSettings = {
  TAMGA_CONSOLE_LISTEN: listen
    .optional()
    .describe('host:port of the web console and its API; unset: no console'),
  TAMGA_CONSOLE_ORIGIN: z
    .string()
    .regex(/^https:\/\/[a-z0-9.-]{1,255}(:\d{1,5})?$/, 'https://host, as in https://console.example')
    .optional()
    .describe('how browsers reach the console, as in https://console.example; required in production'),
  TAMGA_CONSOLE_CERT_FILE: path
    .optional()
    .describe('PEM certificate chain of the console; required in production'),
  TAMGA_CONSOLE_KEY_FILE: path.optional().describe('its PEM private key'),
  ...consoleClientSettings,
}
type Settings = z.infer<z.ZodObject<typeof consoleSettings>>

export interface ConsoleConfig {
  /** Absent: no console. */
  readonly console?: ConsoleClientConfig & {
    readonly listen: string
    readonly origin: string | undefined
    readonly tls: { readonly cert: string; readonly key: string } | undefined
  }
}

export function consoleOf(e: Settings): ConsoleConfig {
  const { TAMGA_CONSOLE_LISTEN: address, TAMGA_CONSOLE_CERT_FILE: cert, TAMGA_CONSOLE_KEY_FILE: key } = e
  if (address === undefined) return {}
  const tls = cert === undefined || key === undefined ? undefined : { cert, key }
  return { console: { listen: address, origin: e.TAMGA_CONSOLE_ORIGIN, tls, ...consoleClientOf(e) } }
}

/** Sessions and passwords over plain HTTP only from this very machine. */
export function consoleProblems(
  e: Settings & Parameters<typeof consoleClientProblems>[0],
  isProduction: boolean,
): string[] {
  const { TAMGA_CONSOLE_LISTEN: address, TAMGA_CONSOLE_CERT_FILE: cert, TAMGA_CONSOLE_KEY_FILE: key } = e
  const isLoopback = /^(?:127\.0\.0\.1|localhost):/.test(address ?? '')
  const isPlain = cert === undefined || key === undefined
  return [
    ...((cert === undefined) === (key === undefined)
      ? []
      : ['✖ TAMGA_CONSOLE_CERT_FILE and TAMGA_CONSOLE_KEY_FILE are set together or not at all']),
    ...(address !== undefined && isPlain && (isProduction || !isLoopback)
      ? [
          '✖ the console needs TAMGA_CONSOLE_CERT_FILE and TAMGA_CONSOLE_KEY_FILE, except on loopback in a sandbox',
        ]
      : []),
    ...(address !== undefined && e.TAMGA_CONSOLE_ORIGIN === undefined && (isProduction || !isLoopback)
      ? ['✖ TAMGA_CONSOLE_ORIGIN must say how browsers reach the console, except on loopback in a sandbox']
      : []),
    ...consoleClientProblems(e, isProduction),
  ]
}
