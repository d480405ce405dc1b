/**
 * BIP-322, the simple form: a message is signed as if it were spent, in two transactions that can never be. For accounts that a single key
 * spends by itself: pay-to-witness-key-hash (BIP-143) and taproot by key (BIP-341).
 */
import { schnorr, secp256k1 } from '@noble/curves/secp256k1.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { Address, OutScript, p2pkh, RawTx, RawWitness, SigHash, Transaction } from '@scure/btc-signer'
import { type BTC_NETWORK, hash160 } from '@scure/btc-signer/utils.js'

const utf8 = (text: string) => new TextEncoder().encode(text)

export function verifyBip322(
  network: BTC_NETWORK,
  address: string,
  message: string,
  signature: string,
): boolean {
  try {
    const account = Address(network).decode(address)
    const script = OutScript.encode(account)
    const witness = RawWitness.decode(Uint8Array.from(Buffer.from(signature, 'base64')))
    const toSign = spending(script, message)
    if (account.type === 'wpkh') return verifyKeyHash(toSign, account.hash, witness)
    return account.type === 'tr' && verifyTaproot(toSign, script, account.pubkey, witness)
  } catch {
    return false
  }
}

/** The transaction whose signature counts: it spends the one that commits to the message. */
function spending(script: Uint8Array, message: string): Transaction {
  const toSpend = RawTx.encode({
    version: 0,
    segwitFlag: false,
    inputs: [
      {
        txid: new Uint8Array(32),
        index: 0xffffffff,
        finalScriptSig: Uint8Array.from([
          0x00,
          0x20,
          ...schnorr.utils.taggedHash('BIP0322-signed-message', utf8(message)),
        ]),
        sequence: 0,
      },
    ],
    outputs: [{ amount: 0n, script }],
    witnesses: [],
    lockTime: 0,
  })
  const txid = sha256(sha256(toSpend)).toReversed()
  const toSign = new Transaction({
    version: 0,
    lockTime: 0,
    allowUnknownOutputs: true,
    allowUnknownVersion: true,
    disableScriptCheck: true,
  })
  toSign.addInput({ txid, index: 0, sequence: 0, witnessUtxo: { script, amount: 0n } })
  toSign.addOutput({ script: Uint8Array.of(0x6a), amount: 0n })
  return toSign
}

function verifyKeyHash(toSign: Transaction, hash: Uint8Array, witness: readonly Uint8Array[]): boolean {
  const [signature = new Uint8Array(), key = new Uint8Array()] = witness
  if (witness.length !== 2 || key.length !== 33 || !isEqual(hash160(key), hash)) return false
  if (signature.at(-1) !== SigHash.ALL) return false
  const digest = toSign.preimageWitnessV0(0, p2pkh(key).script, SigHash.ALL, 0n)
  const der = signature.subarray(0, -1)
  return secp256k1.verify(der, digest, key, { prehash: false, format: 'der', lowS: true })
}

function verifyTaproot(
  toSign: Transaction,
  script: Uint8Array,
  key: Uint8Array,
  witness: readonly Uint8Array[],
): boolean {
  const [signature = new Uint8Array()] = witness
  if (witness.length !== 1 || (signature.length !== 64 && signature.length !== 65)) return false
  const type = signature.length === 64 ? SigHash.DEFAULT : signature[64]
  if (type !== SigHash.DEFAULT && type !== SigHash.ALL) return false
  const digest = toSign.preimageWitnessV1(0, [script], type, [0n])
  return schnorr.verify(signature.subarray(0, 64), digest, key)
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index])
}
