/** Wiring: the key store that the settings ask for. A custody's library is loaded only where it is chosen. */
import { readFileSync } from 'node:fs'
import { type Config, type CustodyConfig, readSecret } from './config.ts'
import type { Custody } from './sealing/custody.ts'
import { type FileKeyStore, fileKeyStore } from './sealing/file-key-store.ts'

export async function openKeyStore({
  keysDirectory,
  custody: config,
}: Pick<Config, 'keysDirectory' | 'custody'>): Promise<FileKeyStore> {
  const custody = await custodyOf(config)
  return fileKeyStore(keysDirectory, custody === undefined ? {} : { custody })
}

async function custodyOf(config: CustodyConfig): Promise<Custody | undefined> {
  switch (config.kind) {
    case 'file':
      return undefined
    case 'pkcs11': {
      const { pkcs11Custody } = await import('./sealing/pkcs11-custody.ts')
      const pin = readSecret('TAMGA_PKCS11_PIN_FILE', config.pinFile)
      return pkcs11Custody({ library: config.library, token: config.token, pin })
    }
    case 'vault': {
      const { vaultCustody } = await import('./sealing/vault-custody.ts')
      const { address, mount, tokenFile, caFile } = config
      const token = () => readSecret('TAMGA_VAULT_TOKEN_FILE', tokenFile)
      return vaultCustody({
        address,
        mount,
        token,
        ...(caFile !== undefined && { ca: readFileSync(caFile, 'utf8') }),
      })
    }
  }
}
