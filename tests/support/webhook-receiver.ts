/** A receiver of webhooks on 127.0.0.1 that answers as it is told. */
import http from 'node:http'
import { Webhook } from 'standardwebhooks'
import { webhookDeliveries } from '../../src/app/deliver-webhooks.ts'
import { shown } from './shown.ts'
import type { Side } from './two-gateways.ts'

export interface Got {
  readonly id: string
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
}

export interface Reply {
  readonly status?: number
  readonly body?: string
  readonly headers?: http.OutgoingHttpHeaders
  /** Never answers. */
  readonly silent?: boolean
}

export interface Receiver {
  readonly url: string
  readonly got: Got[]
  /** How it answers from now on. */
  reply(how: (got: Got) => Reply | Promise<Reply>): void
  close(): Promise<void>
}

export async function startReceiver(): Promise<Receiver> {
  const got: Got[] = []
  let how: (one: Got) => Reply | Promise<Reply> = () => ({})
  const server = http.createServer((request, response) => {
    void (async () => {
      let body = ''
      for await (const chunk of request) body += String(chunk)
      const { type = '', data = {} } = JSON.parse(body)
      const one = { id: String(request.headers['webhook-id']), type, data, headers: request.headers, body }
      got.push(one)
      const { status = 200, body: answer = '', headers = {}, silent = false } = await how(one)
      if (!silent) response.writeHead(status, headers).end(answer)
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/hook`,
    got,
    reply(next) {
      how = next
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** True when one of the signatures is by this secret; whether it is of now, our moved clock does not tell. */
export function isSignedBy({ id, body, headers }: Got, secret: string): boolean {
  const at = new Date(Number(headers['webhook-timestamp']) * 1000)
  return String(headers['webhook-signature'])
    .split(' ')
    .includes(new Webhook(secret).sign(id, at, body))
}

/** Rounds of deliveries until nothing is left that is due now. */
export async function deliverWebhooks(side: Side): Promise<void> {
  const deliveries = webhookDeliveries(side.parts(), new AbortController().signal)
  await shown(side)
  for (let round = 0; round < 6; round++) {
    await deliveries.start()
    await deliveries.idle()
  }
}
