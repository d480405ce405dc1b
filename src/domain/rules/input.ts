/** What is asked: one transfer, as far as it is known. What is not known is left out and answered with what is missing. */
import type { SideAccounts } from './elements.ts'
import type { IdentityFacts, PersonKind } from './facts.ts'
import type { Money, Rate } from './money.ts'

export type CounterpartyKind = 'vasp' | 'self-hosted' | 'unknown'

interface LocalParty {
  /** ISO 3166-1 alpha-2 of its establishment. */
  readonly country?: string | undefined
  /** Rule ids or country codes of every regime that binds it. */
  readonly regimes: readonly string[]
}

interface CounterpartyParty {
  readonly kind: CounterpartyKind
  readonly country?: string | undefined
  /** Read in place of the country when there are any. */
  readonly regimes?: readonly string[] | undefined
  /** Its legal name is known (31 CFR 1010.410: identity of the beneficiary's institution). */
  readonly named?: boolean | undefined
  /** False: it has no way to receive Travel Rule data (sunrise). */
  readonly canReceive?: boolean | undefined
  /** Of a self-hosted wallet: whose the customer says it is. */
  readonly walletOwner?: 'own-customer' | 'third-party' | undefined
}

export interface RuleInput {
  readonly id?: string | undefined
  /** RFC 3339 instant, or a day when the hour is not known. */
  readonly at?: string | undefined
  /** Seen from the local VASP: outbound when its customer is the originator. */
  readonly direction: 'outbound' | 'inbound'
  readonly local: LocalParty
  readonly counterparty: CounterpartyParty
  /** Decimal text in `currency`: the value that thresholds are compared with. */
  readonly amount?: string | undefined
  /** ISO 4217, or the asset's own symbol if `rates` lead from it to the laws' currencies. */
  readonly currency?: string | undefined
  /** When and by whom the amount was valued, if it is a valuation of an asset. */
  readonly valuation?: { readonly at: string; readonly source: string } | undefined
  /** CAIP-19. */
  readonly asset?: string | undefined
  readonly assetSymbol?: string | undefined
  readonly anonymityEnhanced?: boolean | undefined
  readonly rates: readonly Rate[]
  /** Earlier transfers that appear linked with this one; their sum counts. */
  readonly linked: readonly Money[]
  /** Further VASPs in the chain. */
  readonly intermediaries: readonly { readonly country?: string | undefined }[]
  /** Read when no payload says it. */
  readonly originatorKind: PersonKind
  readonly accounts: { readonly originator: SideAccounts; readonly beneficiary: SideAccounts }
  /** The transfer carries a unique transaction reference. */
  readonly reference: boolean
  readonly suspicion: boolean
  readonly identity?: IdentityFacts | undefined
}

const NO_ACCOUNT: SideAccounts = { account: false, wallet: false }

/** An input of which only the given parts are known. */
export function ruleInput(
  parts: Partial<RuleInput> & Pick<RuleInput, 'direction' | 'local' | 'counterparty'>,
): RuleInput {
  return {
    rates: [],
    linked: [],
    intermediaries: [],
    originatorKind: 'unknown',
    accounts: { originator: NO_ACCOUNT, beneficiary: NO_ACCOUNT },
    reference: false,
    suspicion: false,
    ...parts,
  }
}
