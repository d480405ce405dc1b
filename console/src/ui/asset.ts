/** Assets by their CAIP-19 names, as people call them. Tokens: the contracts that their issuers publish. */
const SYMBOLS: Readonly<Record<string, string>> = {
  'bip122:000000000019d6689c085ae165831e93/slip44:0': 'BTC',
  'bip122:12a765e31ffd4059bada1e25190f6e98/slip44:2': 'LTC',
  'eip155:1/slip44:60': 'ETH',
  'eip155:1/erc20:0xdac17f958d2ee523a2206206994597c13d831ec7': 'USDT',
  'eip155:1/erc20:0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48': 'USDC',
  'eip155:56/slip44:714': 'BNB',
  'eip155:137/slip44:966': 'POL',
  'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp/slip44:501': 'SOL',
  'xrpl:0/slip44:144': 'XRP',
  'tron:0x2b6653dc/slip44:195': 'TRX',
  'stellar:pubnet/slip44:148': 'XLM',
}

const CHAINS: Readonly<Record<string, string>> = {
  'bip122:000000000019d6689c085ae165831e93': 'Bitcoin',
  'eip155:1': 'Ethereum',
  'eip155:56': 'BNB Chain',
  'eip155:137': 'Polygon',
  'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp': 'Solana',
  'xrpl:0': 'XRP Ledger',
  'tron:0x2b6653dc': 'Tron',
}

/** The ticker, or the name in the chain's own words where we know none. */
export function assetSymbol(caip19: string): string {
  const known = SYMBOLS[caip19] ?? SYMBOLS[caip19.toLowerCase()]
  return known ?? caip19.split('/').at(-1)?.split(':').at(-1)?.slice(0, 10) ?? caip19
}

export function chainName(caip19: string): string {
  const chain = caip19.split('/')[0] ?? caip19
  return CHAINS[chain] ?? chain
}
