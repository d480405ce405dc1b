/** Where the VASPs of a chain are, seen from one regime. */
import type { ChainShape } from './clocks.ts'
import type { RuleInput } from './input.ts'
import type { RulePack } from './load-packs.ts'
import type { Selected } from './select.ts'

/** The shape of the chain for `pack`. Domestic relief needs every place known and inside: doubt means no relief. */
export function chainOf(
  pack: RulePack,
  input: RuleInput,
  local: readonly Selected[],
  other: readonly Selected[],
): ChainShape {
  const relief = pack.domesticRelief?.countries ?? []
  const places = (countries: readonly string[]): readonly (boolean | undefined)[] => [
    isInside(input.local.country, local, countries),
    isInside(input.counterparty.country, other, countries),
    ...input.intermediaries.map((one) => isInside(one.country, [], countries)),
  ]
  return {
    inside: every(places(pack.countries)),
    intermediated: input.intermediaries.length > 0,
    domestic:
      pack.domesticRelief !== undefined &&
      input.counterparty.kind === 'vasp' &&
      every(places(relief)) === true,
  }
}

/** By the country stated; else by the regimes, if all of them are at home in those countries. */
function isInside(
  country: string | undefined,
  regimes: readonly Selected[],
  countries: readonly string[],
): boolean | undefined {
  if (country !== undefined) return countries.includes(country.toUpperCase())
  const known = regimes.filter((regime) => !regime.isStandIn && regime.pack.countries.length > 0)
  if (known.length === 0 || known.length < regimes.length) return undefined
  return known.every((regime) => regime.pack.countries.every((place) => countries.includes(place)))
}

function every(places: readonly (boolean | undefined)[]): boolean | undefined {
  if (places.includes(false)) return false
  return places.includes(undefined) ? undefined : true
}
