/** Sends one webhook message: signed (Standard Webhooks 1.0), to an address that was looked at, with a limit on time and answer. */
import { randomBytes } from 'node:crypto'
import http from 'node:http'
import https from 'node:https'
import { Webhook } from 'standardwebhooks'
import type { Sent, WebhookMessage, WebhookSender } from '../app/ports.ts'
import { readDecision } from './answers.ts'
import { addressGuard, type Guard, type GuardSettings } from './guard.ts'

export interface SenderSettings extends GuardSettings {
  /** PEM of the authorities of receivers, instead of the public ones. */
  readonly ca?: string
  readonly timeoutMilliseconds?: number
}

/** From the first look-up to the last byte; the standard asks for 15 to 30 s. */
const TIMEOUT_MILLISECONDS = 15_000
/** More is no answer to a webhook. */
const ANSWER_BYTES_MAX = 16_384
/** 24 to 64 bytes, says the standard. */
const SECRET_BYTES = 32
/** Idle connections that are kept for the next message; one endpoint has at most this many. */
const SOCKETS_MAX = 8

export function webhookSender(
  settings: SenderSettings,
  guard: Guard = addressGuard(settings),
): WebhookSender {
  const { ca, timeoutMilliseconds = TIMEOUT_MILLISECONDS } = settings
  const pool = { keepAlive: true, maxSockets: SOCKETS_MAX, maxFreeSockets: 2, timeout: timeoutMilliseconds }
  const agents = {
    'https:': new https.Agent({ ...pool, ...(ca !== undefined && { ca }) }),
    'http:': new http.Agent(pool),
  }

  return {
    problem: (url) => guard.problem(url),
    newSecret: () => `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`,
    readDecision,
    async send(url, secrets, message, now) {
      // The settings may have changed since the URL was added.
      if (guard.problem(url) !== undefined) return { outcome: 'failed', code: 'ADDRESS_REFUSED' }
      const target = new URL(url)
      const protocol = target.protocol === 'http:' ? 'http:' : 'https:'
      const request = protocol === 'http:' ? http.request : https.request
      try {
        return await post(
          request(target, {
            method: 'POST',
            agent: agents[protocol],
            lookup: guard.lookup(protocol),
            signal: AbortSignal.timeout(timeoutMilliseconds),
            headers: { ...signed(secrets, message, now), 'content-length': Buffer.byteLength(message.body) },
          }),
          message.body,
        )
      } catch (error) {
        return { outcome: 'failed', code: codeOf(error) }
      }
    },
  }
}

/** One signature for each secret: during a rotation the receiver may have either. */
function signed(secrets: readonly string[], { id, body }: WebhookMessage, now: Date): Record<string, string> {
  return {
    'content-type': 'application/json',
    'user-agent': 'tamga',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, now, body)).join(' '),
  }
}

function post(request: http.ClientRequest, body: string): Promise<Sent> {
  return new Promise((resolve, reject) => {
    request.on('error', reject)
    request.on('response', (response) => {
      const { statusCode = 0 } = response
      const chunks: Buffer[] = []
      let bytes = 0
      response.on('error', reject)
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes > ANSWER_BYTES_MAX) response.destroy(new AnswerTooLarge())
        else chunks.push(chunk)
      })
      response.on('end', () => resolve(outcomeOf(statusCode, Buffer.concat(chunks).toString('utf8'))))
    })
    request.end(body)
  })
}

class AnswerTooLarge extends Error {
  override readonly name = 'AnswerTooLarge'
  readonly code = 'ANSWER_TOO_LARGE'
}

/** Redirects are not followed: where they lead, nobody has looked at. */
function outcomeOf(status: number, answer: string): Sent {
  if (status >= 200 && status < 300) return { outcome: 'ok', answer }
  return status === 410 ? { outcome: 'gone' } : { outcome: 'failed', code: `HTTP_${status}` }
}

/** A stable word for an error; its message may quote what the other side sent. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'CONNECTION'
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return 'TIMEOUT'
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (code === 'ADDRESS_REFUSED' || code === 'ANSWER_TOO_LARGE') return code
  if (/CERT|SELF_SIGNED|UNABLE_TO|TLS|SSL/.test(code)) return 'TLS'
  if (error.message === 'no address' || /^E?(NOTFOUND|AI_AGAIN|NODATA)/.test(code)) return 'DNS'
  return 'CONNECTION'
}
