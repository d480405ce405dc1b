import { secp256k1 } from '@noble/curves/secp256k1.js'
import { NETWORK, p2pkh, p2sh, p2wpkh } from '@scure/btc-signer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type SignedMethod, typedData } from '../../../src/domain/wallet/wallet.ts'
import { bip137Digest } from '../../../src/wallets/bip137.ts'
import { eip191Digest, eip712Digest, recoverAddress } from '../../../src/wallets/eip.ts'
import { walletProofs } from '../../../src/wallets/proofs.ts'

const BITCOIN = 'bip122:000000000019d6689c085ae165831e93'
const key = Uint8Array.from(
  Buffer.from('4646464646464646464646464646464646464646464646464646464646464646', 'hex'),
)
/** Of that key: the example of EIP-155. */
const ADDRESS = '0x9d8a62f656a8d1615c1294fd71e9cfb3e4855a4f'

function signEthereum(digest: Uint8Array, by = key): string {
  const bytes = secp256k1.sign(digest, by, { prehash: false, format: 'recovered' })
  return `0x${Buffer.from(bytes.subarray(1)).toString('hex')}${(27 + (bytes[0] ?? 0)).toString(16)}`
}

function signBitcoin(message: string, header: number, by = key): string {
  const bytes = secp256k1.sign(bip137Digest(message), by, { prehash: false, format: 'recovered' })
  return Buffer.from([header + (bytes[0] ?? 0), ...bytes.subarray(1)]).toString('base64')
}

describe('a signature of an Ethereum account', () => {
  it('hashes a personal message as EIP-191 says', () => {
    // The example of ethers' documentation, hashMessage("Hello World").
    expect(Buffer.from(eip191Digest('Hello World')).toString('hex')).toBe(
      'a1de988600a42c4b4ab089b619297c17d53cffae5d5120d82d8a92d0bb3b78f2',
    )
  })

  it('hashes typed data as another implementation of EIP-712 does (micro-eth-signer 0.20.1)', () => {
    const owner = { account: `eip155:1:${ADDRESS}`, customer: 'c-1' }
    const typed = typedData('Alice Exchange Ltd.', '1', owner, 'n', new Date(0))
    expect(Buffer.from(eip712Digest(typed)).toString('hex')).toBe(
      '5c66d8145304ec561d0f45a6980295d212c9a7310b130b0818e74c5811c6ea18',
    )
  })

  it('proves the account, in either form, and no other', () => {
    const owner = { account: `eip155:1:${ADDRESS}`, customer: 'c-1' }
    const typed = typedData('Alice Exchange Ltd.', '1', owner, 'n', new Date(0))
    for (const [method, message, digest] of [
      ['eip191', 'a message', eip191Digest('a message')],
      ['eip712', typed, eip712Digest(typed)],
    ] as const) {
      const signature = signEthereum(digest)
      expect(walletProofs.isSigned(method, `eip155:1:${ADDRESS}`, message, signature)).toBe(true)
      expect(walletProofs.isSigned(method, `eip155:1:0x${'0'.repeat(40)}`, message, signature)).toBe(false)
      const other = signEthereum(
        digest,
        Uint8Array.from(key, (byte) => byte ^ 1),
      )
      expect(walletProofs.isSigned(method, `eip155:1:${ADDRESS}`, message, other)).toBe(false)
    }
    const elsewhere = typedData('Alice Exchange Ltd.', '137', owner, 'n', new Date(0))
    expect(walletProofs.isSigned('eip712', owner.account, elsewhere, signEthereum(eip712Digest(typed)))).toBe(
      false,
    )
  })

  it('is refused in its malleable other form (EIP-2)', () => {
    const digest = eip191Digest('a message')
    const signature = signEthereum(digest)
    const order = secp256k1.Point.Fn.ORDER
    const s = order - BigInt(`0x${signature.slice(66, 130)}`)
    const v = signature.endsWith('1b') ? '1c' : '1b'
    const mirrored = `${signature.slice(0, 66)}${s.toString(16).padStart(64, '0')}${v}`
    expect(recoverAddress(digest, signature)).toBe(ADDRESS)
    expect(recoverAddress(digest, mirrored)).toBeUndefined()
  })
})

describe('a signature of a Bitcoin account', () => {
  const point = secp256k1.getPublicKey(key, true)
  const segwit = p2wpkh(point, NETWORK)
  it.each([
    ['pay-to-key-hash', p2pkh(point, NETWORK).address, 31],
    ['nested segwit', p2sh(segwit, NETWORK).address, 35],
    ['segwit', segwit.address, 39],
    ['segwit, by a wallet that does not know BIP-137', segwit.address, 31],
  ])('by BIP-137 proves a %s account', (_, address, header) => {
    const signature = signBitcoin('a message', header)
    expect(walletProofs.isSigned('bip137', `${BITCOIN}:${address}`, 'a message', signature)).toBe(true)
    expect(walletProofs.isSigned('bip137', `${BITCOIN}:${address}`, 'another', signature)).toBe(false)
  })

  // The test vectors of BIP-322, "Test vectors", and its taproot example.
  const WPKH = 'bc1q9vza2e8x573nczrlzms0wvx3gsqjx7vavgkx0l'
  const TAPROOT = 'bc1ppv609nr0vr25u07u95waq5lucwfm6tde4nydujnu8npg4q75mr5sxq8lt3'
  it.each([
    [
      WPKH,
      '',
      'AkcwRAIgM2gBAQqvZX15ZiysmKmQpDrG83avLIT492QBzLnQIxYCIBaTpOaD20qRlEylyxFSeEA2ba9YOixpX8z46TSDtS40ASECx/EgAxlkQpQ9hYjgGu6EBCPMVPwVIVJqO4XCsMvViHI=',
    ],
    [
      WPKH,
      'Hello World',
      'AkcwRAIgZRfIY3p7/DoVTty6YZbWS71bc5Vct9p9Fia83eRmw2QCICK/ENGfwLtptFluMGs2KsqoNSk89pO7F29zJLUx9a/sASECx/EgAxlkQpQ9hYjgGu6EBCPMVPwVIVJqO4XCsMvViHI=',
    ],
    [
      TAPROOT,
      'Hello World',
      'AUHd69PrJQEv+oKTfZ8l+WROBHuy9HKrbFCJu7U1iK2iiEy1vMU5EfMtjc+VSHM7aU0SDbak5IUZRVno2P5mjSafAQ==',
    ],
  ])('by BIP-322 proves %s, as in its vectors', (address, message, signature) => {
    expect(walletProofs.isSigned('bip322', `${BITCOIN}:${address}`, message, signature)).toBe(true)
    expect(walletProofs.isSigned('bip322', `${BITCOIN}:${address}`, `${message}.`, signature)).toBe(false)
    const other = address === WPKH ? TAPROOT : WPKH
    expect(walletProofs.isSigned('bip322', `${BITCOIN}:${other}`, message, signature)).toBe(false)
    const bytes = Buffer.from(signature, 'base64')
    for (const at of [3, 20, 60]) {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ 1
      expect(
        walletProofs.isSigned('bip322', `${BITCOIN}:${address}`, message, changed.toString('base64')),
      ).toBe(false)
    }
  })
})

it('takes any text for what it is: no signature', () => {
  const methods: readonly SignedMethod[] = ['eip191', 'bip137', 'bip322']
  fc.assert(
    fc.property(fc.constantFrom(...methods), fc.string({ maxLength: 200 }), (method, text) => {
      const account =
        method === 'eip191' ? `eip155:1:${ADDRESS}` : `${BITCOIN}:bc1q9vza2e8x573nczrlzms0wvx3gsqjx7vavgkx0l`
      for (const signature of [
        text,
        Buffer.from(text).toString('base64'),
        `0x${Buffer.from(text).toString('hex')}`,
      ])
        expect(walletProofs.isSigned(method, account, 'a message', signature)).toBe(false)
    }),
  )
})
