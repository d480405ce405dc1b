/** Prints what NATS does here: `node bench/nats.ts`. Starts a server of its own, and takes it away again. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startNats } from '../src/local/nats-server.ts'
import { measureNats } from '../src/nats/measure.ts'
import { connectNats, type NatsLink } from '../src/nats/transport.ts'

const ROUNDS = 3
const log = { info: () => undefined, warn: console.error, error: console.error }
const directory = mkdtempSync(join(tmpdir(), 'tamga-bench-nats-'))
const ids = ['here', 'there', ...Array.from({ length: ROUNDS }, (_, n) => `measured_${n}`)]
const server = await startNats({ directory, vasps: ids.map((id) => ({ id, password: id })) })
const links: NatsLink[] = []
try {
  console.log(`nats-server ${server.version}, messages of 6 kB, file storage, 64 in flight`)
  for (let round = 0; round < ROUNDS; round += 1) {
    const { publish, consume } = await measureNats(await link(`measured_${round}`))
    console.log(
      `publish, acknowledged ${publish.perSecond}/s   consume and acknowledge ${consume.perSecond}/s`,
    )
  }
  console.log(`between two accounts, published and consumed at once ${await across(10_000)}/s`)
} finally {
  await Promise.all(links.map((one) => one.close()))
  await server.stop()
  rmSync(directory, { recursive: true, force: true })
}

async function link(vaspId: string): Promise<NatsLink> {
  const made = await connectNats({ vaspId, servers: [server.url], user: vaspId, password: vaspId, log })
  links.push(made)
  return made
}

async function across(messages: number): Promise<number> {
  const [here, there] = [await link('here'), await link('there')]
  const received = Promise.withResolvers<void>()
  let handled = 0
  const consumer = there.consume(
    async () => {
      handled += 1
      if (handled === messages) received.resolve()
      return { ack: true }
    },
    { concurrency: 64 },
  )
  while (!consumer.receiving()) await new Promise((resolve) => setTimeout(resolve, 10))
  const bytes = Buffer.alloc(6_000, 'A')
  let next = 0
  const began = performance.now()
  await Promise.all(
    Array.from({ length: 64 }, async () => {
      while (next < messages) {
        next += 1
        await here.publish({ receiver: 'there', kind: 'env', id: `${next}.1`, bytes })
      }
    }),
  )
  await received.promise
  return Math.round((messages * 1_000) / (performance.now() - began))
}
