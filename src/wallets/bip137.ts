/** BIP-137: signed messages of Bitcoin keys. The key is recovered; it is the account's if one of the account's forms is made of it. */
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { Address, CompactSize, p2pkh, p2sh, p2wpkh } from '@scure/btc-signer'
import { type BTC_NETWORK, hash160 } from '@scure/btc-signer/utils.js'

const MAGIC = 'Bitcoin Signed Message:\n'
const utf8 = (text: string) => new TextEncoder().encode(text)

export function bip137Digest(message: string): Uint8Array {
  const parts = [utf8(MAGIC), utf8(message)].flatMap((part) => [
    ...CompactSize.encode(BigInt(part.length)),
    ...part,
  ])
  return sha256(sha256(Uint8Array.from(parts)))
}

const SIGNATURE = /^[A-Za-z0-9+/]{87}=$/

export function verifyBip137(
  network: BTC_NETWORK,
  address: string,
  message: string,
  signature: string,
): boolean {
  if (!SIGNATURE.test(signature)) return false
  const bytes = Uint8Array.from(Buffer.from(signature, 'base64'))
  const header = bytes[0] ?? 0
  if (header < 27 || header > 42) return false
  try {
    const point = secp256k1.Signature.fromBytes(bytes.subarray(1), 'compact')
      .addRecoveryBit((header - 27) % 4)
      .recoverPublicKey(bip137Digest(message))
    return addressesOf(point.toBytes(true), point.toBytes(false), header, network).includes(address)
  } catch {
    return false
  }
}

/** Headers 27 to 30 mean an uncompressed key. Wallets that never heard of BIP-137 use 31 to 34 for all other forms too. */
function addressesOf(
  compressed: Uint8Array,
  uncompressed: Uint8Array,
  header: number,
  network: BTC_NETWORK,
): readonly (string | undefined)[] {
  if (header < 31) return [legacy(uncompressed, network)]
  const segwit = p2wpkh(compressed, network)
  return [p2pkh(compressed, network).address, p2sh(segwit, network).address, segwit.address]
}

/** The library makes pay-to-key-hash outputs of compressed keys only. */
function legacy(key: Uint8Array, network: BTC_NETWORK): string {
  return Address(network).encode({ type: 'pkh', hash: hash160(key) })
}
