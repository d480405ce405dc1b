/**
 * The part of HashiCorp Vault's Transit engine that we use, over HTTP, with real cryptography: written from the documented API
 * (developer.hashicorp.com/vault/api-docs/secret/transit), as the other side of src/sealing/vault-custody.ts.
 */
import {
  createCipheriv,
  createDecipheriv,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'

export interface VaultServer {
  readonly address: string
  token: string
  /** While true, it answers 503, as a sealed Vault does. */
  sealed: boolean
  readonly names: () => readonly string[]
  /** Cuts every connection. */
  drop(): void
  close(): Promise<void>
}

type Key = { deletable: boolean } & (
  | {
      readonly type: 'ed25519'
      readonly pair: { readonly publicKey: KeyObject; readonly privateKey: KeyObject }
    }
  | { readonly type: 'aes256-gcm96'; readonly bytes: Buffer }
)
class Fault extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

const Body = z.object({
  type: z.string().optional(),
  input: z.string().optional(),
  plaintext: z.string().optional(),
  ciphertext: z.string().optional(),
  associated_data: z.string().optional(),
  deletion_allowed: z.boolean().optional(),
})
type Body = z.infer<typeof Body>

export async function startVault(): Promise<VaultServer> {
  const keys = new Map<string, Key>()
  const state = { token: randomBytes(12).toString('hex'), sealed: false }
  const server = createServer((request, response) => {
    void answer(request).then(
      ({ status, body }) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(body && JSON.stringify(body)),
      (error: unknown) => {
        const status = error instanceof Fault ? error.status : 500
        response
          .writeHead(status)
          .end(JSON.stringify({ errors: [error instanceof Error ? error.message : ''] }))
      },
    )
  })

  async function answer(request: IncomingMessage): Promise<{ status: number; body?: object }> {
    if (state.sealed) throw new Fault(503, 'Vault is sealed')
    if (request.headers['x-vault-token'] !== state.token) throw new Fault(403, 'permission denied')
    let text = ''
    for await (const chunk of request) text += String(chunk)
    const body = Body.parse(text === '' ? {} : JSON.parse(text))
    const [, verb = '', name = '', more] =
      /^\/v1\/transit\/([a-z]+)(?:\/([^/?]+))?(?:\/([a-z]+))?/.exec(request.url ?? '') ?? []
    const data = act(`${request.method ?? ''} ${verb}${more === undefined ? '' : `/${more}`}`, name, body)
    return data === undefined ? { status: 204 } : { status: 200, body: { data } }
  }

  function keyOf(name: string): Key {
    const key = keys.get(name)
    if (key === undefined) throw new Fault(404, 'no such key')
    return key
  }

  function act(what: string, name: string, body: Body): object | undefined {
    switch (what) {
      case 'POST keys':
        if (!keys.has(name)) keys.set(name, newKey(body.type))
        return undefined
      case 'GET keys':
        return name === '' ? { keys: [...keys.keys()] } : shown(keyOf(name))
      case 'POST keys/config':
        keyOf(name).deletable = body.deletion_allowed === true
        return undefined
      case 'DELETE keys':
        if (!keyOf(name).deletable) throw new Fault(400, 'deletion is not allowed for this key')
        keys.delete(name)
        return undefined
      case 'POST sign':
        return { signature: `vault:v1:${signed(keyOf(name), body.input).toString('base64')}` }
      case 'POST encrypt':
        return { ciphertext: `vault:v1:${encrypted(keyOf(name), body).toString('base64')}` }
      case 'POST decrypt':
        return { plaintext: decrypted(keyOf(name), body).toString('base64') }
    }
    throw new Fault(404, `unsupported: ${what}`)
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on TCP
  const { port } = server.address() as AddressInfo
  return Object.assign(state, {
    address: `http://127.0.0.1:${port}`,
    names: () => [...keys.keys()],
    drop: () => server.closeAllConnections(),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}

function newKey(type: string | undefined): Key {
  if (type === 'ed25519') return { type, deletable: false, pair: generateKeyPairSync('ed25519') }
  if (type === 'aes256-gcm96') return { type, deletable: false, bytes: randomBytes(32) }
  throw new Fault(400, 'unknown key type')
}

function shown(key: Key): object {
  if (key.type !== 'ed25519') return { type: key.type, keys: { 1: 1 } }
  const x = key.pair.publicKey.export({ format: 'jwk' }).x ?? ''
  return { type: key.type, keys: { 1: { public_key: Buffer.from(x, 'base64url').toString('base64') } } }
}

function signed(key: Key, input = ''): Buffer {
  if (key.type !== 'ed25519') throw new Fault(400, 'key type does not support signing')
  return sign(null, Buffer.from(input, 'base64'), key.pair.privateKey)
}

function encrypted(key: Key, { plaintext = '', associated_data: aad = '' }: Body): Buffer {
  if (key.type !== 'aes256-gcm96') throw new Fault(400, 'key type does not support encryption')
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key.bytes, nonce)
  cipher.setAAD(Buffer.from(aad, 'base64'))
  return Buffer.concat([nonce, cipher.update(plaintext, 'base64'), cipher.final(), cipher.getAuthTag()])
}

function decrypted(key: Key, { ciphertext = '', associated_data: aad = '' }: Body): Buffer {
  const bytes = Buffer.from(ciphertext.replace('vault:v1:', ''), 'base64')
  if (key.type !== 'aes256-gcm96' || bytes.length < 28) throw new Fault(400, 'invalid ciphertext')
  const decipher = createDecipheriv('aes-256-gcm', key.bytes, bytes.subarray(0, 12))
  decipher.setAAD(Buffer.from(aad, 'base64'))
  decipher.setAuthTag(bytes.subarray(-16))
  try {
    return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()])
  } catch {
    throw new Fault(400, 'cipher: message authentication failed')
  }
}
