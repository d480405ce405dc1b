/** A caller with a sound certificate that abuses HTTP/2: after each abuse the gateway still answers another caller, soon and with little memory. */
import { once } from 'node:events'
import { type ClientHttp2Session, connect as connectHttp2, constants } from 'node:http2'
import { connect as connectTcp, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import {
  type Certificates,
  callerUri,
  type Door,
  makeCertificates,
  openDoor,
  read,
} from '../unit/grpc/door.ts'
import { TRANSFER_ID } from '../unit/grpc/fake-gateway.ts'
import { type Score, scoreOf } from './score.ts'

const PATH = '/travelrule.v1.TransferService/GetTransfer'
const HEADERS = { ':method': 'POST', ':path': PATH, 'content-type': 'application/grpc', te: 'trailers' }
/** Of gateway and attacker together: they share the process. */
const RSS_GROWTH_MAX = 256 * 1024 * 1024
const ANSWER_MILLISECONDS_MAX = 10_000

interface Target {
  readonly door: Door
  readonly certificates: Certificates
}

type Abuse = (target: Target) => Promise<void>

async function session({ door, certificates }: Target): Promise<ClientHttp2Session> {
  const files = read(await certificates.client(callerUri('integrator')))
  const client = connectHttp2(`https://${door.address}`, { ...files, servername: 'localhost' })
  client.on('error', () => undefined)
  await Promise.race([once(client, 'connect'), once(client, 'close')])
  return client
}

/** So many at once, on one connection that may end meanwhile. */
async function flood(
  target: Target,
  count: number,
  work: (client: ClientHttp2Session) => void,
): Promise<void> {
  const client = await session(target)
  for (let n = 0; n < count && !client.destroyed && !client.closed; n++) {
    try {
      work(client)
    } catch {
      break
    }
    if (n % 500 === 499) await sleep(1)
  }
  await sleep(200)
  client.destroy()
}

function request(client: ClientHttp2Session, headers: object = {}) {
  const stream = client.request({ ...HEADERS, ...headers })
  stream.on('error', () => undefined)
  stream.on('data', () => undefined)
  return stream
}

/** gRPC's frame: not compressed, length, bytes. */
function framed(bytes: Buffer, length = bytes.length): Buffer {
  const head = Buffer.alloc(5)
  head.writeUInt32BE(length, 1)
  return Buffer.concat([head, bytes])
}

async function sockets(count: number, open: () => Socket): Promise<void> {
  const all = Array.from({ length: count }, () => open().on('error', () => undefined))
  await sleep(500)
  for (const socket of all) socket.destroy()
}

const portOf = ({ door }: Target) => Number(door.address.split(':')[1])

const ABUSES: Readonly<Record<string, Abuse>> = {
  'rapid reset: 10,000 streams, each reset at once (CVE-2023-44487)': (target) =>
    flood(target, 10_000, (client) => request(client).close(constants.NGHTTP2_CANCEL)),
  'rapid reset with a body begun': (target) =>
    flood(target, 3_000, (client) => {
      const stream = request(client)
      stream.write(framed(Buffer.alloc(16), 1_000))
      stream.close(constants.NGHTTP2_CANCEL)
    }),
  'more streams than allowed, none ever ended': (target) =>
    flood(target, 2_000, (client) => void request(client)),
  'header flood: 60 KiB of headers, 200 times': (target) =>
    flood(target, 200, (client) => void request(client, { 'x-flood': 'x'.repeat(60_000) }).end()),
  'header flood: a thousand small headers, 200 times': (target) =>
    flood(target, 200, (client) => {
      const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`x-${n}`, '1']))
      request(client, many).end()
    }),
  'a :path that is no path': (target) =>
    flood(target, 50, (client) => void request(client, { ':path': '//../%00/%%%' }).end()),
  'pings without end': (target) => flood(target, 5_000, (client) => void client.ping(() => undefined)),
  'settings without end': (target) =>
    flood(target, 500, (client) => client.settings({ initialWindowSize: 65_535 })),
  'half-open: 200 TCP connections that say nothing': (target) =>
    sockets(200, () => connectTcp(portOf(target), '127.0.0.1')),
  'half-open: 100 TLS handshakes that stop after the first bytes': (target) =>
    sockets(100, () => {
      const socket = connectTcp(portOf(target), '127.0.0.1')
      socket.write(Buffer.from('1603010200010001fc0303', 'hex'))
      return socket
    }),
  'a TLS connection without a client certificate': async (target) => {
    const { ca } = read(target.certificates.server)
    await sockets(50, () =>
      connectTls({ port: portOf(target), host: '127.0.0.1', ca, servername: 'localhost' }),
    )
  },
  'no HTTP/2 behind TLS: junk in place of the preface': async (target) => {
    const files = read(await target.certificates.client(callerUri('integrator')))
    await sockets(50, () => {
      const socket = connectTls({
        ...files,
        port: portOf(target),
        host: '127.0.0.1',
        servername: 'localhost',
        ALPNProtocols: ['h2'],
      })
      socket.write(Buffer.alloc(4_096, 0xff))
      return socket
    })
  },
  'an oversized message: 1 MiB, 50 times': (target) =>
    flood(target, 50, (client) => void request(client).end(framed(Buffer.alloc(1024 * 1024)))),
  'a message that is said to have 4 GiB': (target) =>
    flood(target, 100, (client) => void request(client).end(framed(Buffer.alloc(64), 0xffffffff))),
  'a message that never ends': (target) =>
    flood(target, 100, (client) => void request(client).write(framed(Buffer.alloc(1_000), 200_000))),
  'protobuf nested 30,000 deep': (target) =>
    flood(
      target,
      20,
      (client) =>
        void request(client, { ':path': PATH.replace('GetTransfer', 'RepairTransfer') }).end(
          framed(nested(30_000)),
        ),
    ),
  'protobuf groups that never close': (target) =>
    flood(target, 20, (client) => void request(client).end(framed(Buffer.alloc(100_000, 0x0b)))),
}

/** Field 3, length-delimited, within itself. */
function nested(depth: number): Buffer {
  const heads: number[][] = []
  let length = 0
  for (let n = 0; n < depth && length < 200_000; n++) {
    const head = [0x1a, ...varint(length)]
    heads.push(head)
    length += head.length
  }
  return Buffer.from(heads.toReversed().flat())
}

function varint(value: number): number[] {
  const bytes: number[] = []
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return [...bytes, rest]
    bytes.push((rest & 0x7f) | 0x80)
  }
}

export async function http2Scores(): Promise<Score[]> {
  const certificates = await makeCertificates()
  const door = await openDoor(certificates, { limits: { drainMs: 500 } })
  const target = { door, certificates }
  const other = await door.as('auditor')
  await other.transfers.getTransfer({ transferId: TRANSFER_ID })
  const before = process.memoryUsage().rss
  try {
    const score = await scoreOf(
      'HTTP/2 abuse of the gRPC port',
      'own, tests/conformance/http2.ts',
      Object.entries(ABUSES),
      async ([name, abuse]) => {
        await abuse(target)
        const started = performance.now()
        await other.transfers.getTransfer({ transferId: TRANSFER_ID })
        if (performance.now() - started > ANSWER_MILLISECONDS_MAX) return `!${name}: the answer took too long`
        const growth = process.memoryUsage().rss - before
        return growth > RSS_GROWTH_MAX
          ? `!${name}: memory grew by ${Math.round(growth / 1_048_576)} MiB`
          : 'expected'
      },
    )
    return [score]
  } finally {
    await door.close()
    certificates.remove()
  }
}
