/** What a case of the day is made of. */
import type { CustomerName } from './people.ts'

export interface Case {
  /** Stands in the request's id, so that a day is not lived twice, and in the client's reference. */
  readonly name: string
  readonly from: 'alice' | 'bob'
  readonly to: string
  readonly destination: string
  readonly originator: CustomerName
  readonly beneficiary: CustomerName
  readonly asset?: string
  readonly amount: string
  /** USD. */
  readonly value: string
  readonly next?: Ending
}

/** What the exchange or the back office does next. */
export type Ending =
  | { readonly does: 'settle' }
  | { readonly does: 'redeem' }
  | { readonly does: 'cancel' }
  /** The beneficiary's back office accepts for this customer. */
  | { readonly does: 'accept-for'; readonly held: CustomerName; readonly people?: readonly Deed[] }
  | { readonly does: 'hold'; readonly people?: readonly Deed[] }

/** What people have done with its hold by the time somebody looks. */
export type Deed =
  | { readonly deed: 'comment'; readonly by: string; readonly text: string }
  | { readonly deed: 'assign'; readonly by: string; readonly to: string }
  | { readonly deed: 'propose'; readonly by: string; readonly reason: string; readonly text: string }
  | { readonly deed: 'escalate'; readonly by: string; readonly text: string }
  | { readonly deed: 'reject'; readonly by: string; readonly reason: string; readonly text: string }
