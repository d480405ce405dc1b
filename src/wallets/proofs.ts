/** Checks what the owner of a wallet signed. */
import { NETWORK, TEST_NETWORK } from '@scure/btc-signer'
import type { WalletProofs } from '../app/ports.ts'
import { parseAccountId } from '../domain/caip.ts'
import { NAMESPACE_OF } from '../domain/wallet/wallet.ts'
import { verifyBip137 } from './bip137.ts'
import { verifyBip322 } from './bip322.ts'
import { eip191Digest, eip712Digest, recoverAddress } from './eip.ts'

/** CAIP-2 references of Bitcoin: the first 16 bytes of the genesis block's hash. */
const NETWORKS = new Map([
  ['000000000019d6689c085ae165831e93', NETWORK],
  ['000000000933ea01ad0ee984209779ba', TEST_NETWORK],
])

export const walletProofs: WalletProofs = {
  isSigned(method, account, message, signature) {
    const { chain, address = '' } = parseAccountId(account) ?? {}
    if (chain?.namespace !== NAMESPACE_OF[method]) return false
    const network = NETWORKS.get(chain.reference)
    switch (method) {
      case 'eip191':
        return recoverAddress(eip191Digest(message), signature) === address.toLowerCase()
      case 'eip712':
        return recoverAddress(eip712Digest(message), signature) === address.toLowerCase()
      case 'bip137':
        return network !== undefined && verifyBip137(network, address, message, signature)
      case 'bip322':
        return network !== undefined && verifyBip322(network, address, message, signature)
    }
  },
}
