/**
 * What changes, as it changes: ids and versions only, so that a stream that somebody reads along tells nothing. Every event carries the
 * cursor to resume from; nothing between two connections is lost.
 */
import type { FastifyReply } from 'fastify'
import type { SessionUseCases } from '../../../app/console/sessions.ts'
import type { Viewer } from '../../../app/console/viewer.ts'
import type { Parts } from '../../../app/parts.ts'
import type { RecordedEvent } from '../../../app/ports.ts'
import { Refusal } from '../../../domain/refusal.ts'
import { tokenIn } from '../cookie.ts'
import { HttpProblem } from '../problem.ts'
import type { HandlersOf } from '../routes.ts'
import { type Visit, viewerOf } from '../visit.ts'

export interface LiveParts extends Pick<Parts, 'doorbell' | 'log'> {
  readonly transfers: Pick<Parts['transfers'], 'events' | 'endCursor'>
  readonly sessions: SessionUseCases
  /** Aborts when the server stops. */
  readonly stopping: AbortSignal
}

const HEARTBEAT_MILLISECONDS = 15_000
/** Another replica's changes ring no bell here. */
const POLL_MILLISECONDS = 1_000
const BATCH = 200
/** A browser needs one; some more for tabs that do not share theirs. */
const STREAMS_A_PERSON = 12
const RETRY_MILLISECONDS = 2_000

export function liveHandlers(parts: LiveParts): HandlersOf<'streamEvents'> {
  const open = new Map<string, number>()
  return {
    async streamEvents(_, visit) {
      const viewer = viewerOf(visit)
      const { subject } = viewer.person
      const count = open.get(subject) ?? 0
      if (count >= STREAMS_A_PERSON) throw new HttpProblem('TOO_MANY_REQUESTS')
      const from = await startOf(parts, viewer, visit.request.headers['last-event-id'])
      open.set(subject, count + 1)
      const out = begin(visit.reply)
      stream(parts, viewer, visit, { out, ...from })
        .catch((error: unknown) => parts.log.error('an event stream failed', error))
        .finally(() => {
          open.set(subject, (open.get(subject) ?? 1) - 1)
          out.end()
        })
      return undefined
    },
  }
}

interface Start {
  readonly cursor: string
  readonly resumed: boolean
}

/** A cursor that is not ours is no error: the client reads everything again. */
async function startOf({ transfers }: LiveParts, { vaspId }: Viewer, last: unknown): Promise<Start> {
  if (typeof last === 'string' && last !== '') {
    try {
      await transfers.events(vaspId, last, 1)
      return { cursor: last, resumed: true }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
    }
  }
  return { cursor: await transfers.endCursor(vaspId), resumed: false }
}

function begin(reply: FastifyReply): FastifyReply['raw'] {
  reply.hijack()
  const { raw } = reply
  // Those that every answer has.
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) raw.setHeader(name, value)
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
  return raw
}

async function stream(
  { transfers, doorbell, sessions, stopping }: LiveParts,
  { vaspId }: Viewer,
  { request }: Visit,
  { out, cursor: start, resumed }: Start & { readonly out: FastifyReply['raw'] },
): Promise<void> {
  const gone = new AbortController()
  out.on('close', () => gone.abort())
  const signal = AbortSignal.any([gone.signal, stopping])
  const listener = doorbell.listen({ vaspId })
  let cursor = start
  let beatAt = Date.now()
  out.write(
    `retry: ${RETRY_MILLISECONDS}\n${idLine(cursor)}event: hello\ndata: ${JSON.stringify({ vaspId, resumed })}\n\n`,
  )
  try {
    while (!signal.aborted) {
      const events = await transfers.events(vaspId, cursor, BATCH)
      for (const event of events) {
        await write(out, eventText(event), signal)
        cursor = event.cursor
      }
      if (Date.now() - beatAt >= HEARTBEAT_MILLISECONDS) {
        if (!(await isOpen(sessions, request, vaspId))) return
        await write(out, ': still here\n\n', signal)
        beatAt = Date.now()
      }
      if (events.length < BATCH) await listener.rung(POLL_MILLISECONDS, signal)
    }
  } finally {
    listener.close()
  }
}

/** A stream outlives neither its session nor the person's role in the VASP; it does not keep the session alive. */
async function isOpen(
  sessions: SessionUseCases,
  request: Visit['request'],
  vaspId: string,
): Promise<boolean> {
  const token = tokenIn(request)
  const session = token === undefined ? undefined : await sessions.find(token, false)
  return session?.vaspId === vaspId
}

function eventText({ cursor, transferId, version, event: { type, data } }: RecordedEvent): string {
  const holdId = data?.['hold_id']
  const said = { transferId, version, type, holdId: typeof holdId === 'string' ? holdId : null }
  return `${idLine(cursor)}event: transfer\ndata: ${JSON.stringify(said)}\n\n`
}

function idLine(cursor: string): string {
  return cursor === '' ? '' : `id: ${cursor}\n`
}

/** A reader that is slower than the events gets them at its own pace. */
async function write(out: FastifyReply['raw'], text: string, signal: AbortSignal): Promise<void> {
  if (signal.aborted || out.write(text)) return
  await new Promise<void>((resolve) => {
    const done = () => resolve()
    out.once('drain', done)
    signal.addEventListener('abort', done, { once: true })
  })
}
