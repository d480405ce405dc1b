/** Signatures of Ethereum accounts: EIP-191 version 0x45 (personal_sign) and EIP-712 (typed data), recovered to an address. */
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { TYPED_FIELDS } from '../domain/wallet/wallet.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const concat = (...parts: readonly Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]))

export function eip191Digest(message: string): Uint8Array {
  const bytes = utf8(message)
  return keccak_256(concat(utf8(`\x19Ethereum Signed Message:\n${bytes.length}`), bytes))
}

const DOMAIN_TYPE = 'EIP712Domain(string name,string version,uint256 chainId)'
const PROOF_TYPE = `WalletProof(${TYPED_FIELDS.map((name) => `string ${name}`).join(',')})`

/** Of our own typed data only, whose two types are fixed. */
export function eip712Digest(json: string): Uint8Array {
  const { domain, message } = JSON.parse(json)
  const domainHash = structHash(DOMAIN_TYPE, [
    hashed(domain.name),
    hashed(domain.version),
    uint256(BigInt(domain.chainId)),
  ])
  const proofHash = structHash(
    PROOF_TYPE,
    TYPED_FIELDS.map((name) => hashed(message[name])),
  )
  return keccak_256(concat(Uint8Array.of(0x19, 0x01), domainHash, proofHash))
}

function structHash(type: string, members: readonly Uint8Array[]): Uint8Array {
  return keccak_256(concat(keccak_256(utf8(type)), ...members))
}

function hashed(value: string): Uint8Array {
  return keccak_256(utf8(value))
}

function uint256(value: bigint): Uint8Array {
  return Uint8Array.from(Buffer.from(value.toString(16).padStart(64, '0'), 'hex'))
}

const SIGNATURE = /^0x[0-9a-fA-F]{130}$/

/** The address, lower case, whose key made the signature; undefined when it is none. Contract wallets (ERC-1271) are not asked. */
export function recoverAddress(digest: Uint8Array, signature: string): string | undefined {
  if (!SIGNATURE.test(signature)) return undefined
  const bytes = Uint8Array.from(Buffer.from(signature.slice(2), 'hex'))
  const v = bytes[64] ?? 0
  const recovery = v >= 27 ? v - 27 : v
  if (recovery !== 0 && recovery !== 1) return undefined
  try {
    const parsed = secp256k1.Signature.fromBytes(bytes.subarray(0, 64), 'compact')
    // EIP-2: of the two signatures that a third party can make of one, only one counts.
    if (parsed.hasHighS()) return undefined
    const point = parsed.addRecoveryBit(recovery).recoverPublicKey(digest)
    return `0x${Buffer.from(keccak_256(point.toBytes(false).subarray(1)).subarray(12)).toString('hex')}`
  } catch {
    return undefined
  }
}
