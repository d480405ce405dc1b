/** What the back office may answer when it is asked by webhook about an inbound transfer. */
import type { FieldCorrection } from '../transfer/transfer.ts'

/** `pending`: it will decide by InboundService. `transferId` says which question is answered. */
export type DecisionAnswer = { readonly transferId: string } & (
  | { readonly decision: 'accept' | 'pending' }
  | { readonly decision: 'reject'; readonly code: string }
  | { readonly decision: 'repair'; readonly fields: readonly FieldCorrection[] }
)
