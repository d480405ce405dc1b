/** One spelling per transaction, so that equality of text is equality of transaction. */
import { parseAssetId } from './caip.ts'

/** EVM hashes in lower case; all others as the chain writes them. */
export function canonicalTxId(asset: string, txId: string): string {
  return parseAssetId(asset)?.chain.namespace === 'eip155' ? txId.toLowerCase() : txId
}
