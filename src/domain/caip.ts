/**
 * Chain-agnostic identifiers: CAIP-2 (blockchain), CAIP-10 (account), CAIP-19 (asset type, asset id), with the namespace rules of
 * CASA's `eip155`, `bip122`, `solana` and `slip44` profiles. A namespace without a profile here passes on the general grammar.
 */

/** `eip155:1`, `bip122:000000000019d6689c085ae165831e93`. */
export interface ChainId {
  readonly namespace: string
  readonly reference: string
}

/** `eip155:1:0xab16…`. */
export interface AccountId {
  readonly chain: ChainId
  readonly address: string
}

/** `eip155:1/slip44:60`, `eip155:1/erc20:0x6b17…`, and with a token id `eip155:1/erc721:0x0601…/771769`. */
export interface AssetId {
  readonly chain: ChainId
  readonly assetNamespace: string
  readonly assetReference: string
  readonly tokenId: string | undefined
}

const CHAIN = '([-a-z0-9]{3,8}):([-_a-zA-Z0-9]{1,32})'
const CHAIN_ID = new RegExp(`^${CHAIN}$`)
const ACCOUNT_ID = new RegExp(`^${CHAIN}:([-.%a-zA-Z0-9]{1,128})$`)
const ASSET_ID = new RegExp(`^${CHAIN}/([-a-z0-9]{3,8}):([-.%a-zA-Z0-9]{1,128})(?:/([-.%a-zA-Z0-9]{1,78}))?$`)

const DECIMAL_INTEGER = /^(?:0|[1-9][0-9]*)$/
const EVM_ADDRESS = /^0x[0-9a-fA-F]{40}$/
const BASE58 = /^[1-9A-HJ-NP-Za-km-z]+$/

interface Profile {
  readonly reference: RegExp
  readonly address?: RegExp
  /** The chain compares addresses without regard to case; elsewhere two spellings are two accounts. */
  readonly foldsCase?: boolean
}

const CHAIN_PROFILES = new Map<string, Profile>([
  ['eip155', { reference: DECIMAL_INTEGER, address: EVM_ADDRESS, foldsCase: true }],
  ['bip122', { reference: /^[0-9a-f]{32}$/, address: /^[0-9a-zA-Z]{14,90}$/ }],
  ['solana', { reference: BASE58, address: /^[1-9A-HJ-NP-Za-km-z]{32,44}$/ }],
])

const ASSET_PROFILES = new Map<string, Profile>([
  ['slip44', { reference: DECIMAL_INTEGER }],
  ['erc20', { reference: EVM_ADDRESS, foldsCase: true }],
  ['erc721', { reference: EVM_ADDRESS, foldsCase: true }],
  ['erc1155', { reference: EVM_ADDRESS, foldsCase: true }],
])

/** CAIP-2; undefined when the text is not one. */
export function parseChainId(text: string): ChainId | undefined {
  const [, namespace, reference] = CHAIN_ID.exec(text) ?? []
  return chainOf(namespace, reference)
}

/** CAIP-10; undefined when the text is not one. An address is checked for shape, not for its checksum. */
export function parseAccountId(text: string): AccountId | undefined {
  const [, namespace, reference, address] = ACCOUNT_ID.exec(text) ?? []
  const chain = chainOf(namespace, reference)
  if (chain === undefined || address === undefined) return undefined
  const shape = CHAIN_PROFILES.get(chain.namespace)?.address
  return shape?.test(address) === false ? undefined : { chain, address }
}

/** CAIP-19, asset type or asset id; undefined when the text is neither. */
export function parseAssetId(text: string): AssetId | undefined {
  const [, namespace, reference, assetNamespace, assetReference, tokenId] = ASSET_ID.exec(text) ?? []
  const chain = chainOf(namespace, reference)
  if (chain === undefined || assetNamespace === undefined || assetReference === undefined) return undefined
  const shape = ASSET_PROFILES.get(assetNamespace)?.reference
  return shape?.test(assetReference) === false
    ? undefined
    : { chain, assetNamespace, assetReference, tokenId }
}

export function formatChainId(chain: ChainId): string {
  return `${chain.namespace}:${chain.reference}`
}

/**
 * One spelling per account, so that equality of text is equality of account: EVM addresses in lower case (EIP-55 capitals are a
 * checksum), all others as written, because base58 is case-sensitive. Undefined when the text is not a CAIP-10 account.
 */
export function canonicalAccountId(text: string): string | undefined {
  const account = parseAccountId(text)
  if (account === undefined) return undefined
  const folds = CHAIN_PROFILES.get(account.chain.namespace)?.foldsCase === true
  return `${formatChainId(account.chain)}:${folds ? account.address.toLowerCase() : account.address}`
}

/** One spelling per asset, as `canonicalAccountId` does for accounts. Undefined when the text is not a CAIP-19 asset. */
export function canonicalAssetId(text: string): string | undefined {
  const asset = parseAssetId(text)
  if (asset === undefined) return undefined
  const folds = ASSET_PROFILES.get(asset.assetNamespace)?.foldsCase === true
  const reference = folds ? asset.assetReference.toLowerCase() : asset.assetReference
  const token = asset.tokenId === undefined ? '' : `/${asset.tokenId}`
  return `${formatChainId(asset.chain)}/${asset.assetNamespace}:${reference}${token}`
}

function chainOf(namespace: string | undefined, reference: string | undefined): ChainId | undefined {
  if (namespace === undefined || reference === undefined) return undefined
  const shape = CHAIN_PROFILES.get(namespace)?.reference
  return shape?.test(reference) === false ? undefined : { namespace, reference }
}
