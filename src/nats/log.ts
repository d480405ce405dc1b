import { NatsError } from 'nats'

/** Where this adapter tells what it meets; pino's loggers fit. Codes and names only: a broker's words may repeat subjects of others. */
export interface Log {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** What may be said of an error anywhere: its code, else its class. */
export function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  // JetStream's codes tell more than the status beside them.
  if (error instanceof NatsError && error.api_error !== undefined)
    return `JETSTREAM_${error.api_error.err_code}`
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
