/** A caller's certificate is taken back while it is in use. */
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openRevocationFile, type RevocationFile } from '../../src/grpc/revoked.ts'
import { makeAuthority } from '../../src/local/certificates.ts'
import { writeRevocationList } from '../../src/local/revocation-list.ts'
import { type Certificates, callerUri, type Door, makeCertificates, openDoor } from '../unit/grpc/door.ts'
import { TRANSFER_ID as ID } from '../unit/grpc/fake-gateway.ts'

let certificates: Certificates
let revocations: RevocationFile
let door: Door
let directory: string
let file: string
const log: string[] = []

beforeAll(async () => {
  certificates = await makeCertificates()
  directory = dirname(certificates.server.ca)
  file = await writeList([])
  revocations = await openRevocationFile({
    file,
    authorities: readFileSync(certificates.server.ca),
    log: {
      info: (_, message) => void log.push(message),
      error: (fields, message) => void log.push(`${message}: ${JSON.stringify(fields)}`),
    },
    everyMs: 20,
  })
  door = await openDoor(certificates, { revocations })
})

afterAll(async () => {
  await door.close()
  revocations.close()
  certificates.remove()
})

async function writeList(names: readonly string[]): Promise<string> {
  return writeRevocationList(await makeAuthority('integrators', directory), { directory, names, days: 30 })
}

const named = (name: string) =>
  certificates.leaf({ name, names: [{ type: 'url', value: callerUri('integrator') }], usages: ['client'] })
const refusal = (call: Promise<unknown>) =>
  call.then(
    () => 'answered',
    (error: unknown) => (error instanceof Error ? error.message : 'thrown'),
  )

describe('a revoked certificate', () => {
  test('calls no more and watches no more, on a connection that stands, while others go on', async () => {
    const [gone, stays] = [door.connect(await named('gone')), door.connect(await named('stays'))]
    const ask = (client: typeof gone) => refusal(client.transfers.getTransfer({ transferId: ID }))
    expect([await ask(gone), await ask(stays)]).toEqual(['answered', 'answered'])
    const watch = (client: typeof gone) => drained(client.transfers.watchTransfers({ cursor: '' }))
    const [cut, kept] = [watch(gone), watch(stays)]
    let isKept = true
    void kept.finally(() => {
      isKept = false
    })

    await writeList(['gone'])
    expect(await cut).toMatch(/CALLER_UNKNOWN|revoked/)
    expect(await ask(gone)).toMatch(/CALLER_UNKNOWN|revoked/)
    expect(await ask(stays)).toBe('answered')
    expect(isKept).toBe(true)
  })

  test('stays out when the list is spoiled, and when it is mended', async () => {
    const gone = door.connect(await named('late'))
    await writeList(['late'])
    const ask = () => refusal(gone.transfers.getTransfer({ transferId: ID }))
    await expect.poll(ask).toMatch(/revoked/)
    const sound = readFileSync(file, 'utf8')
    for (const spoiled of ['', forged(sound), 'junk']) {
      const told = log.length
      writeFileSync(file, spoiled)
      await expect.poll(() => log.slice(told).join()).toMatch(/the one before it stays/)
      expect(await ask()).toMatch(/revoked/)
    }
    writeFileSync(file, sound)
    await named('one more')
    const told = log.length
    await writeList(['one more'])
    await expect.poll(() => log.slice(told)).toContain('revocation list read again')
    expect(await ask()).toMatch(/revoked/)
  })

  test('stays out by a list that is past its time, which is told', async () => {
    const told = log.length
    const authority = await makeAuthority('integrators', directory)
    await writeRevocationList(authority, { directory, names: [], days: -1 })
    await expect.poll(() => log.slice(told).join()).toMatch(/should have been replaced/)
    const last = door.connect(await named('last'))
    await writeRevocationList(authority, { directory, names: ['last'], days: -1 })
    await expect.poll(() => refusal(last.transfers.getTransfer({ transferId: ID }))).toMatch(/revoked/)
  })

  test('keeps the gateway from starting if the list cannot be read or believed', async () => {
    const authorities = readFileSync(certificates.server.ca)
    const quiet = { info: () => undefined, error: () => undefined }
    const open = (path: string) => refusal(openRevocationFile({ file: path, authorities, log: quiet }))
    expect(await open(join(directory, 'none.crl'))).toMatch(/ENOENT/)
    const other = join(directory, 'other')
    const foreign = await writeRevocationList(await makeAuthority('integrators', other), {
      directory: other,
      names: [],
      days: 30,
    })
    expect(await open(foreign)).toMatch(/signed by no authority/)
  })
})

/** A byte of the signature is another. */
function forged(pem: string): string {
  const der = Buffer.from(pem.replaceAll(/-----.*?-----|\s/g, ''), 'base64')
  der[der.length - 8] = (der[der.length - 8] ?? 0) ^ 1
  return `-----BEGIN X509 CRL-----\n${der.toString('base64')}\n-----END X509 CRL-----\n`
}

async function drained(stream: AsyncIterable<unknown>): Promise<string> {
  try {
    for await (const _ of stream) void _
    return 'ended'
  } catch (error) {
    return error instanceof Error ? error.message : 'thrown'
  }
}
