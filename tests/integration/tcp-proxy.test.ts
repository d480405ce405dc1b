/** The bad network of chaos: what it does to a connection, and that PostgreSQL's users outlive it. */
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest'
import { startTcpProxy, type TcpProxy } from '../../src/local/tcp-proxy.ts'
import { openPool } from '../../src/postgres/open-pool.ts'

describe('a connection through the proxy', () => {
  let server: Server
  let proxy: TcpProxy
  const heard: string[] = []

  beforeEach(async () => {
    heard.length = 0
    server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.on('data', (bytes) => {
        heard.push(bytes.toString())
        socket.write(`echo ${bytes.toString()}`)
      })
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    proxy = await startTcpProxy(typeof address === 'object' && address !== null ? address.port : 0)
  })
  afterEach(async () => {
    await proxy.stop()
    server.close()
  })

  async function open(): Promise<Socket> {
    const socket = connect(proxy.port, '127.0.0.1')
    socket.on('error', () => undefined)
    await once(socket, 'connect')
    return socket
  }
  const answer = async (socket: Socket) => String((await once(socket, 'data'))[0])

  test('carries both ways', async () => {
    const socket = await open()
    socket.write('one')
    expect(await answer(socket)).toBe('echo one')
  })

  test('is late, and in order', async () => {
    const socket = await open()
    proxy.set({ delay: 100 })
    const began = performance.now()
    for (const word of ['a', 'b', 'c']) socket.write(word)
    let all = ''
    while (all.length < 'echo abc'.length) all += await answer(socket)
    expect(performance.now() - began).toBeGreaterThan(190)
    expect(heard.join('')).toBe('abc')
  })

  test('is cut', async () => {
    const socket = await open()
    socket.write('one')
    await answer(socket)
    const closed = text(socket).catch(() => '')
    proxy.cut()
    await closed
    expect(socket.destroyed || socket.readableEnded).toBe(true)
  })

  test('loses what is said while it is deaf, and is cut when that is over: half a stream is none', async () => {
    const socket = await open()
    proxy.set({ requests: 'drop' })
    socket.write('lost')
    await sleep(100)
    const closed = once(socket, 'close')
    proxy.heal()
    await closed
    expect(heard).toEqual([])
    const other = await open()
    other.write('heard')
    expect(await answer(other)).toBe('echo heard')
  })

  test('has its request done and hears nothing of it while replies are dropped', async () => {
    const socket = await open()
    proxy.set({ replies: 'drop' })
    const closed = once(socket, 'close')
    socket.write('done')
    while (heard.length === 0) await sleep(10)
    proxy.heal()
    await closed
    expect(heard).toEqual(['done'])
  })
})

test('a statement on a connection that went silent ends after its time, and the next one has a new connection', async () => {
  const url = new URL(inject('postgresUrl'))
  const proxy = await startTcpProxy(Number(url.port))
  url.port = String(proxy.port)
  const pool = openPool({
    url: url.href,
    connectionsMax: 1,
    statementMilliseconds: 100,
    connectMilliseconds: 20_000,
    name: 'tamga-test',
  })
  try {
    await pool.query('select 1')
    proxy.set({ requests: 'drop', replies: 'drop' })
    await expect(pool.query('select 2')).rejects.toThrow(/timeout/i)
    proxy.heal()
    expect((await pool.query('select 3 as n')).rows).toEqual([{ n: 3 }])
  } finally {
    await pool.end()
    await proxy.stop()
  }
})
