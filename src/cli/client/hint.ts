/** What a caller knows of the other VASP, as options. */
export const HINT_OPTIONS = {
  counterparty: { type: 'string' },
  lei: { type: 'string' },
  domain: { type: 'string' },
  'travel-address': { type: 'string' },
} as const

export const HINT_USAGE = '--counterparty VASP | --lei LEI | --domain NAME | --travel-address TA'

type Hints = { readonly [K in keyof typeof HINT_OPTIONS]?: string | undefined }

export function hint(values: Hints) {
  return {
    vaspId: values.counterparty ?? '',
    lei: values.lei ?? '',
    domain: values.domain ?? '',
    travelAddress: values['travel-address'] ?? '',
  }
}
