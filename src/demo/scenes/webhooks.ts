/** Who does not hold a stream is told by webhook. */
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { Webhook } from 'standardwebhooks'
import { connectAs } from '../../local/introduce.ts'
import { within } from '../actor.ts'
import { payload } from '../payloads.ts'
import { scene, type Theme } from '../scene.ts'

export const webhooks: Theme = {
  title: 'Webhooks',
  scenes: [
    scene({
      title: 'a hold is told to a receiver that was down: signed, under one id, without personal data',
      expect: {
        told: 'hold.opened',
        reason: 'COUNTERPARTY_UNKNOWN',
        signed: true,
        ids: 1,
        'personal data': false,
      },
      async play({ alice, network }) {
        const receiver = await openReceiver()
        const admin = connectAs(network.profile('alice', 'admin'))
        try {
          const request = { requestId: randomUUID(), url: receiver.url, types: ['hold.opened'] }
          const { webhook, secret } = await admin.webhooks.addWebhook(request)
          const { transferId } = await alice.authorize({ to: 'nobody_here', waitSeconds: 0 })
          const about = () => receiver.got.filter(({ body }) => body.includes(transferId))
          await within(async () => about().length === 2, 20_000)
          await admin.webhooks.disableWebhook({
            requestId: randomUUID(),
            webhookId: webhook?.webhookId ?? '',
          })
          const [first, second] = about()
          const message = JSON.parse(second?.body ?? '{}')
          return {
            told: String(message.type),
            reason: String(message.data?.reason),
            signed: second !== undefined && isSigned(second, secret),
            ids: new Set([first?.headers['webhook-id'], second?.headers['webhook-id']]).size,
            'personal data': namesIn(payload('2023-base')).some(
              (name) => second?.body.includes(name) === true,
            ),
          }
        } finally {
          admin.close()
          await receiver.close()
        }
      },
    }),
  ],
}

interface Got {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Answers 503 to the first message and takes the others. */
async function openReceiver() {
  const got: Got[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString()
    })
    request.on('end', () => {
      const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)])
      got.push({ headers: Object.fromEntries(headers), body })
      response.writeHead(got.length === 1 ? 503 : 204).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/hook`,
    got,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function isSigned({ body, headers }: Got, secret: string): boolean {
  try {
    new Webhook(secret).verify(body, headers)
    return true
  } catch {
    return false
  }
}

function namesIn(ivms101: string): string[] {
  return [...ivms101.matchAll(/"(?:primary|secondary)Identifier":\s*"([^"]+)"/g)].map(([, name = '']) => name)
}
