import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type CertificateFiles,
  issueClient,
  issueServer,
  makeAuthority,
} from '../../src/local/certificates.ts'
import { type Hub, mail, openMailbox, startHub, until } from './nats-links.ts'

describe('a link over TLS', () => {
  const directory = mkdtempSync(join(tmpdir(), 'tamga-test-nats-tls-'))
  let hub: Hub
  let client: CertificateFiles
  beforeAll(async () => {
    const authority = await makeAuthority('ca', directory)
    const hosts = ['localhost', '127.0.0.1']
    const server = await issueServer(authority, { name: 'nats', directory, hosts })
    client = await issueClient(authority, {
      name: 'client',
      directory,
      uri: 'spiffe://tamga.local/vasp/alice/gateway',
    })
    hub = await startHub(undefined, server)
  })
  afterAll(async () => {
    await hub.end()
    rmSync(directory, { recursive: true, force: true })
  })

  test('works with the files of certificate, key and authority', async () => {
    const [alice, bob] = [await hub.link('alice', { tls: client }), await hub.link('bob', { tls: client })]
    const mailbox = await openMailbox(bob)
    await alice.publish(mail('bob', 'sealed twice'))
    await until(() => mailbox.deliveries.length === 1)
    expect(mailbox.texts()).toEqual(['sealed twice'])
  })

  test('is not made without a client certificate, nor to a server of another authority', async () => {
    const bare = await hub.link('alice', { tls: { ca: client.ca } })
    const other = await makeAuthority('other', directory)
    const misled = await hub.link('alice', { tls: { ...client, ca: other.cert } })
    expect([bare.health().connected, misled.health().connected]).toEqual([false, false])
  })

  test('is never replaced by one in the clear', async () => {
    const plain = await startHub(undefined)
    const link = await plain.link('alice', { tls: client })
    expect(link.health()).toMatchObject({ connected: false, lastError: 'SERVER_OPT_NA' })
    await plain.end()
  })
})
