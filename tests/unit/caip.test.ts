import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  canonicalAccountId,
  canonicalAssetId,
  formatChainId,
  parseAccountId,
  parseAssetId,
  parseChainId,
} from '../../src/domain/caip.ts'

const BITCOIN = 'bip122:000000000019d6689c085ae165831e93'
const EVM = '0xab16a96D359eC26a11e2C2b3d8f8B8942d5Bfcdb'

describe('a chain id (CAIP-2)', () => {
  // Test cases of the CAIP-2 text.
  it.each([
    'eip155:1',
    BITCOIN,
    'bip122:12a765e31ffd4059bada1e25190f6e98',
    'cosmos:cosmoshub-3',
    'cosmos:Binance-Chain-Tigris',
    'starknet:SN_GOERLI',
    'chainstd:8c3444cf8970a9e41a706fab93e7a6c4',
    'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp',
  ])('reads %s and writes it back', (text) => {
    const chain = parseChainId(text)
    expect(chain === undefined ? undefined : formatChainId(chain)).toBe(text)
  })

  it.each([
    '',
    'eip155',
    'eip155:',
    ':1',
    'ei:1',
    'namespace9:1',
    'EIP155:1',
    'eip155:01',
    'eip155:x',
    'eip155:1:2',
    'eip155:1\n',
    `cosmos:${'a'.repeat(33)}`,
    'bip122:000000000019D6689C085AE165831E93',
    'bip122:00',
  ])('refuses %j', (text) => expect(parseChainId(text)).toBeUndefined())
})

describe('an account id (CAIP-10)', () => {
  it('reads chain and address', () => {
    expect(parseAccountId(`eip155:1:${EVM}`)).toEqual({
      chain: { namespace: 'eip155', reference: '1' },
      address: EVM,
    })
    expect(parseAccountId(`${BITCOIN}:128Lkh3S7CkDTBZ8W7BbpsN3YYizJMp8p6`)?.address).toBe(
      '128Lkh3S7CkDTBZ8W7BbpsN3YYizJMp8p6',
    )
    expect(parseAccountId('hedera:mainnet:0.0.1234567890-zbhlt')?.address).toBe('0.0.1234567890-zbhlt')
  })

  it.each([
    `eip155:1:${EVM.slice(0, -1)}`,
    `eip155:1:${EVM}0`,
    'eip155:1:',
    'eip155:1',
    `eip155:1:${EVM} `,
    `${BITCOIN}:bitcoincash:qq`,
    'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp:0OIl',
    `cosmos:cosmoshub-3:${'a'.repeat(129)}`,
  ])('refuses %j', (text) => expect(parseAccountId(text)).toBeUndefined())

  it('is one account in whatever capitals on an EVM chain, and another elsewhere', () => {
    expect(canonicalAccountId(`eip155:1:${EVM}`)).toBe(canonicalAccountId(`eip155:1:${EVM.toLowerCase()}`))
    const [upper, lower] = ['128Lkh3S7CkDTBZ8W7BbpsN3YYizJMp8p6', '128lkh3S7CkDTBZ8W7BbpsN3YYizJMp8p6']
    expect(canonicalAccountId(`${BITCOIN}:${upper}`)).not.toBe(canonicalAccountId(`${BITCOIN}:${lower}`))
    expect(canonicalAccountId('no account')).toBeUndefined()
  })
})

describe('an asset id (CAIP-19)', () => {
  it('reads coins, tokens and single tokens', () => {
    expect(parseAssetId(`${BITCOIN}/slip44:0`)).toMatchObject({
      assetNamespace: 'slip44',
      assetReference: '0',
      tokenId: undefined,
    })
    expect(parseAssetId('eip155:1/erc20:0x6b175474e89094c44da98b954eedeac495271d0f')?.assetNamespace).toBe(
      'erc20',
    )
    expect(parseAssetId('eip155:1/erc721:0x06012c8cf97BEaD5deAe237070F9587f8E7A266d/771769')?.tokenId).toBe(
      '771769',
    )
    expect(parseAssetId('hedera:mainnet/nft:0.0.55492/12')?.assetReference).toBe('0.0.55492')
  })

  it.each([
    '',
    'eip155:1',
    'eip155:1/',
    'eip155:1/slip44',
    'eip155:1/slip44:',
    'eip155:1/slip44:060',
    'eip155:1/erc20:0x6b17',
    'BTC',
    'eip155:1/slip44:60/',
    `eip155:1/slip44:60/${'1'.repeat(79)}`,
    'eip155:1/erc20:6b175474e89094c44da98b954eedeac495271d0f',
  ])('refuses %j', (text) => expect(parseAssetId(text)).toBeUndefined())

  it('folds the case of contract addresses only', () => {
    expect(canonicalAssetId('eip155:1/erc20:0x6B175474E89094C44DA98B954EEDEAC495271D0F')).toBe(
      'eip155:1/erc20:0x6b175474e89094c44da98b954eedeac495271d0f',
    )
    expect(canonicalAssetId('solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp/token:EPjF')).toBe(
      'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp/token:EPjF',
    )
    expect(canonicalAssetId('BTC')).toBeUndefined()
  })

  it('has a canonical spelling that is its own', () => {
    const hex = fc.stringMatching(/^0x[0-9a-fA-F]{40}$/)
    fc.assert(
      fc.property(hex, fc.nat(), (address, chain) => {
        const canonical = canonicalAssetId(`eip155:${chain}/erc20:${address}`)
        expect(canonical).toBeDefined()
        expect(canonicalAssetId(canonical ?? '')).toBe(canonical)
      }),
    )
  })
})
