/** How the process is watched, and its clock. */
import { z } from 'zod'

export const observingSettings = {
  TAMGA_CLOCK_OFFSET_SECONDS: z.coerce
    .number()
    .int()
    .min(-300)
    .max(300)
    .default(0)
    .describe('how far this replica’s clock is off, to try out what follows; refused in production'),
  TAMGA_OTLP_URL: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .optional()
    .describe('base URL of an OpenTelemetry collector (OTLP over HTTP); no traces without it'),
  TAMGA_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info').describe('least level logged'),
}
type Settings = z.infer<z.ZodObject<typeof observingSettings>>

export interface ObservingConfig {
  readonly clockOffsetSeconds: number
  readonly otlpUrl?: string
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error'
}

export function observingOf(e: Settings): ObservingConfig {
  return {
    clockOffsetSeconds: e.TAMGA_CLOCK_OFFSET_SECONDS,
    ...(e.TAMGA_OTLP_URL !== undefined && { otlpUrl: e.TAMGA_OTLP_URL }),
    logLevel: e.TAMGA_LOG_LEVEL,
  }
}

export function observingProblems(e: Settings, isProduction: boolean): string[] {
  return isProduction && e.TAMGA_CLOCK_OFFSET_SECONDS !== 0
    ? ['✖ TAMGA_CLOCK_OFFSET_SECONDS must be 0 in production: every deadline rests on the clock']
    : []
}
