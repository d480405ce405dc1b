import pg from 'pg'

export interface PoolOptions {
  readonly url: string
  readonly connectionsMax: number
  /** What PostgreSQL shows as the name of whoever is connected. */
  readonly name: string
  readonly statementMilliseconds?: number
  /** How long to wait for a connection; without end if absent. */
  readonly connectMilliseconds?: number
  /** Told when a connection breaks while nobody uses it. */
  readonly onIdleLost?: (error: Error) => void
}

/** How long after its time is up a statement's failure may take to arrive. */
const ANSWER_MILLISECONDS = 5_000

/**
 * A pool whose connections may break at any moment without ending the process: pg emits `error` on a connection that breaks between two
 * statements of a transaction, where nobody listens. The next statement on it fails, and that is how its user learns.
 */
export function openPool(options: PoolOptions): pg.Pool {
  const { url, connectionsMax, name, statementMilliseconds, connectMilliseconds } = options
  const { onIdleLost = () => undefined } = options
  const pool = new pg.Pool({
    connectionString: url,
    max: connectionsMax,
    application_name: name,
    keepAlive: true,
    ...(statementMilliseconds !== undefined && {
      statement_timeout: statementMilliseconds,
      // A server that is gone without a word does not keep its own time limit: then ours ends the wait, and the connection.
      query_timeout: statementMilliseconds + ANSWER_MILLISECONDS,
    }),
    ...(connectMilliseconds !== undefined && { connectionTimeoutMillis: connectMilliseconds }),
  })
  pool.on('connect', (connection) => connection.on('error', () => undefined))
  pool.on('error', onIdleLost)
  return pool
}
