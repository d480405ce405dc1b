/** An auditor's copy: every event once, in order, kept up to date from where the last run ended. */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { connect, type Hold, type Transfer } from './connect.ts'

interface Event {
  readonly cursor: string
  readonly event: string
  readonly occurred_at: { readonly seconds: string; readonly nanos: number }
  readonly version: string
  readonly transfer: Transfer
}

const QUIET_MILLISECONDS = 2_000

/** Appends one JSON line per new event to `file`; returns how many. Ends when nothing has come for two seconds. */
export async function copyEvents(profile: string, file: string): Promise<number> {
  const gateway = connect(profile)
  const cursorFile = `${file}.cursor`
  const cursor = existsSync(cursorFile) ? readFileSync(cursorFile, 'utf8') : ''
  const quiet = new AbortController()
  let timer = setTimeout(() => quiet.abort(), QUIET_MILLISECONDS)
  let count = 0
  try {
    for await (const event of gateway.watch<Event>(
      'TransferService/WatchTransfers',
      { cursor },
      quiet.signal,
    )) {
      clearTimeout(timer)
      timer = setTimeout(() => quiet.abort(), QUIET_MILLISECONDS)
      const at = new Date(Number(event.occurred_at.seconds) * 1000 + event.occurred_at.nanos / 1e6)
      const { transfer_id: transfer } = event.transfer
      const line = { at: at.toISOString(), transfer, version: Number(event.version), event: event.event }
      appendFileSync(file, `${JSON.stringify(line)}\n`)
      writeFileSync(cursorFile, event.cursor)
      count++
    }
  } finally {
    clearTimeout(timer)
    gateway.close()
  }
  return count
}

/** Every hold that ended, with who or what ended it and why. */
export async function endedHolds(profile: string): Promise<readonly Hold[]> {
  const gateway = connect(profile)
  const found: Hold[] = []
  try {
    let page_token = ''
    do {
      const page = await gateway.call<{ holds: Hold[]; next_page_token: string }>('ReviewService/ListHolds', {
        states: ['HOLD_STATE_RELEASED', 'HOLD_STATE_REJECTED', 'HOLD_STATE_RESOLVED', 'HOLD_STATE_LAPSED'],
        page_size: 200,
        page_token,
      })
      found.push(...page.holds)
      page_token = page.next_page_token
    } while (page_token !== '')
  } finally {
    gateway.close()
  }
  return found
}
