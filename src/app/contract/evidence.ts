/** What an auditor takes away. */
import type { PlacedEntry } from '../audit-log.ts'
import type { Page } from '../ports.ts'
import type { Caller } from './caller.ts'

export interface EvidenceUseCases {
  /** The evidence bundle of a transfer, without personal data. */
  bundle(caller: Caller, transferId: string): Promise<string>
  /** The audit log in its order. */
  entries(caller: Caller, pageSize: number, pageToken?: string): Promise<Page<PlacedEntry>>
  /** A signed checkpoint over all of it, and the proof that the log over `consistentWith` entries is its beginning. */
  checkpoint(
    caller: Caller,
    consistentWith: number,
  ): Promise<{ readonly size: number; readonly note: string; readonly proof: readonly Uint8Array[] }>
}
