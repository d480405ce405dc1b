/**
 * Custody in the Transit engine of HashiCorp Vault (or OpenBao), by its HTTP API: developer.hashicorp.com/vault/api-docs/secret/transit.
 * Each of our keys is a Transit key of its own, never exportable and never rotated there: we rotate by making another one.
 */
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Custody, HeldKey } from './custody.ts'
import { KeyStoreError } from './key-store.ts'
import { type VaultSettings, vaultRequests } from './vault-requests.ts'

const PREFIX = 'vault:v1:'
/** Of our own wrapping: Vault's ciphertext text follows. */
const VERSION = 2

const PublicKeys = z.object({
  data: z.object({ keys: z.record(z.string(), z.object({ public_key: z.string() })) }),
})
const Signature = z.object({ data: z.object({ signature: z.string().startsWith(PREFIX) }) })
const Ciphertext = z.object({ data: z.object({ ciphertext: z.string().startsWith(PREFIX) }) })
const Plaintext = z.object({ data: z.object({ plaintext: z.base64() }) })

export function vaultCustody(settings: VaultSettings): Custody {
  const requests = vaultRequests(settings)
  const { request } = requests
  const nameOf = (held: HeldKey) => held.slice('vault:'.length)
  const newName = (label: string) =>
    `tamga-${label.replaceAll(/[^a-z0-9_]+/g, '-')}-${randomBytes(8).toString('hex')}`

  return {
    name: 'vault',

    async newSigningKey(label) {
      const name = newName(label)
      await request('POST', `keys/${name}`, { type: 'ed25519', exportable: false })
      const { data } = PublicKeys.parse(await request('GET', `keys/${name}`))
      return { held: `vault:${name}`, x: Buffer.from(data.keys['1']?.public_key ?? '', 'base64') }
    },

    async sign(held, bytes) {
      const input = Buffer.from(bytes).toString('base64')
      const { data } = Signature.parse(await request('POST', `sign/${nameOf(held)}`, { input }))
      return Buffer.from(data.signature.slice(PREFIX.length), 'base64')
    },

    async newWrappingKey(label) {
      const name = newName(label)
      await request('POST', `keys/${name}`, { type: 'aes256-gcm96', exportable: false })
      return `vault:${name}`
    },

    async wrap(held, aad, bytes) {
      const body = { plaintext: base64(bytes), associated_data: base64(Buffer.from(aad)) }
      const { data } = Ciphertext.parse(await request('POST', `encrypt/${nameOf(held)}`, body))
      return Buffer.concat([Buffer.of(VERSION), Buffer.from(data.ciphertext.slice(PREFIX.length), 'base64')])
    },

    async unwrap(held, aad, wrapped) {
      if (wrapped[0] !== VERSION) throw new KeyStoreError('UNWRAP', held)
      const body = {
        ciphertext: `${PREFIX}${base64(wrapped.subarray(1))}`,
        associated_data: base64(Buffer.from(aad)),
      }
      const answer = await request('POST', `decrypt/${nameOf(held)}`, body, {
        // Altered, or of another key.
        400: () => new KeyStoreError('UNWRAP', held),
      })
      return Buffer.from(Plaintext.parse(answer).data.plaintext, 'base64')
    },

    async destroy(held) {
      await request('POST', `keys/${nameOf(held)}/config`, { deletion_allowed: true })
      await request('DELETE', `keys/${nameOf(held)}`)
    },

    async check() {
      await request('GET', 'keys?list=true', undefined, { 404: () => undefined })
    },
    close: () => requests.close(),
  }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}
