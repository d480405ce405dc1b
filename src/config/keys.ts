/** Where keys are kept. */
import { z } from 'zod'
import { path } from './setting.ts'

export const keySettings = {
  TAMGA_KEYS_DIRECTORY: path.describe('directory of the signing, sealing and key-encryption keys, mode 0700'),
  TAMGA_KEY_CUSTODY: z
    .enum(['file', 'pkcs11', 'vault'])
    .default('file')
    .describe(
      'where private keys are made and used: files of the key directory, a PKCS#11 token, or Vault Transit',
    ),
  TAMGA_PKCS11_LIBRARY: path
    .optional()
    .describe('the vendor’s PKCS#11 library, as in /usr/lib/softhsm/libsofthsm2.so'),
  TAMGA_PKCS11_TOKEN: z.string().min(1).max(32).optional().describe('label of the PKCS#11 token'),
  TAMGA_PKCS11_PIN_FILE: path.optional().describe('file with the PIN of its user'),
  TAMGA_VAULT_ADDRESS: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Vault or OpenBao, as in https://vault.example:8200'),
  TAMGA_VAULT_MOUNT: z
    .string()
    .regex(/^[A-Za-z0-9_/-]{1,128}$/)
    .default('transit')
    .describe('where Vault’s Transit engine is mounted'),
  TAMGA_VAULT_TOKEN_FILE: path
    .optional()
    .describe('file with the Vault token; read again when Vault refuses it'),
  TAMGA_VAULT_CA_FILE: path.optional().describe('PEM of the authority of Vault’s certificate'),
}
type Settings = z.infer<z.ZodObject<typeof keySettings>>

export type CustodyConfig =
  | { readonly kind: 'file' }
  | { readonly kind: 'pkcs11'; readonly library: string; readonly token: string; readonly pinFile: string }
  | {
      readonly kind: 'vault'
      readonly address: string
      readonly mount: string
      readonly tokenFile: string
      readonly caFile?: string
    }

export interface KeyConfig {
  readonly keysDirectory: string
  readonly custody: CustodyConfig
}

export function keysOf(e: Settings): KeyConfig {
  return { keysDirectory: e.TAMGA_KEYS_DIRECTORY, custody: custodyOf(e) }
}

/** What the chosen custody needs and does not have is told by `keyProblems`. */
function custodyOf(e: Settings): CustodyConfig {
  switch (e.TAMGA_KEY_CUSTODY) {
    case 'file':
      return { kind: 'file' }
    case 'pkcs11':
      return {
        kind: 'pkcs11',
        library: e.TAMGA_PKCS11_LIBRARY ?? '',
        token: e.TAMGA_PKCS11_TOKEN ?? '',
        pinFile: e.TAMGA_PKCS11_PIN_FILE ?? '',
      }
    case 'vault':
      return {
        kind: 'vault',
        address: e.TAMGA_VAULT_ADDRESS ?? '',
        mount: e.TAMGA_VAULT_MOUNT,
        tokenFile: e.TAMGA_VAULT_TOKEN_FILE ?? '',
        ...(e.TAMGA_VAULT_CA_FILE !== undefined && { caFile: e.TAMGA_VAULT_CA_FILE }),
      }
  }
}

const NEEDED = {
  file: [],
  pkcs11: ['TAMGA_PKCS11_LIBRARY', 'TAMGA_PKCS11_TOKEN', 'TAMGA_PKCS11_PIN_FILE'],
  vault: ['TAMGA_VAULT_ADDRESS', 'TAMGA_VAULT_TOKEN_FILE'],
} as const

export function keyProblems(e: Settings, isProduction: boolean): string[] {
  const lacking = NEEDED[e.TAMGA_KEY_CUSTODY]
    .filter((name) => e[name] === undefined)
    .map((name) => `✖ ${name} must be set: TAMGA_KEY_CUSTODY is ${e.TAMGA_KEY_CUSTODY}`)
  return isProduction && e.TAMGA_VAULT_ADDRESS?.startsWith('http:') === true
    ? [...lacking, '✖ TAMGA_VAULT_ADDRESS must be https:// in production']
    : lacking
}
