/** HTTP to Vault: one retry for a lost connection or a renewed token, a deadline for each call, and nothing secret in an error. */
import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { KeyStoreError } from './key-store.ts'

export interface VaultSettings {
  /** As in https://vault.example:8200. */
  readonly address: string
  /** Where the Transit engine is mounted. */
  readonly mount: string
  /** Read anew when Vault refuses it: an agent beside us renews it. */
  readonly token: () => string
  /** PEM of the authority of Vault's certificate. */
  readonly ca?: string
}

/** What a status means besides a failure; undefined: as if nothing were wrong. */
export type Meanings = { readonly [status: number]: () => Error | undefined }

export type VaultRequest = (
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: object,
  meanings?: Meanings,
) => Promise<unknown>

const DEADLINE_MILLISECONDS = 5_000
const ANSWER_BYTES_MAX = 1_000_000
const FORBIDDEN = 403

interface Answer {
  readonly status: number
  readonly text: string
}

export function vaultRequests({ address, mount, token: readToken, ca }: VaultSettings): {
  readonly request: VaultRequest
  close(): Promise<void>
} {
  const secure = address.startsWith('https://')
  const agent = secure
    ? new HttpsAgent({ keepAlive: true, maxSockets: 32, ...(ca !== undefined && { ca }) })
    : new HttpAgent({ keepAlive: true, maxSockets: 32 })
  let token = readToken()

  function once(method: string, path: string, body: string | undefined): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const url = new URL(`/v1/${mount}/${path}`, address)
      const headers = { 'X-Vault-Token': token, 'Content-Type': 'application/json' }
      const options = { method, agent, headers, signal: AbortSignal.timeout(DEADLINE_MILLISECONDS) }
      const sent = (secure ? httpsRequest : httpRequest)(url, options, (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => {
          text += chunk
          if (text.length > ANSWER_BYTES_MAX) response.destroy(new Error('Vault answers without end'))
        })
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
        response.on('error', reject)
      })
      sent.on('error', reject)
      sent.end(body)
    })
  }

  /** Every call of ours may be made twice: at worst it makes a key that nobody uses. */
  async function patiently(method: string, path: string, body: string | undefined): Promise<Answer> {
    const first = await once(method, path, body).catch((error: unknown) => error)
    if (!isAnswer(first)) return once(method, path, body)
    if (first.status !== FORBIDDEN) return first
    token = readToken()
    return once(method, path, body)
  }

  return {
    async request(method, path, body, meanings = {}) {
      const { status, text } = await patiently(method, path, body && JSON.stringify(body))
      const meaning = meanings[status]
      if (meaning !== undefined) {
        const failure = meaning()
        if (failure !== undefined) throw failure
        return undefined
      }
      if (status === 404) throw new KeyStoreError('NO_KEY', `Vault has no ${path}`)
      // Its text may quote what was sent.
      if (status < 200 || status > 299) throw new Error(`Vault answered ${status} to ${method} ${path}`)
      return text === '' ? undefined : JSON.parse(text)
    },
    async close() {
      agent.destroy()
    },
  }
}

function isAnswer(value: unknown): value is Answer {
  return typeof value === 'object' && value !== null && 'status' in value && 'text' in value
}
