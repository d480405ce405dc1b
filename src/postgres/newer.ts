/**
 * What a newer replica may have written beside us (docs/decisions/versions-beside-each-other.md). A word that decides what may happen
 * must be known; one that only tells is passed over or passed on, so that it stops nothing.
 */
import { z } from 'zod'
import { Refusal } from '../domain/refusal.ts'

/** Words that decide. Throws Refusal REPLICA_OUTDATED at one that is not known. */
export function deciding<const W extends string>(words: readonly W[]) {
  return z.string().transform((word): W => {
    const known = words.find((one) => one === word)
    if (known === undefined) throw new Refusal('REPLICA_OUTDATED')
    return known
  })
}

/** Words of which each grants or proves something: an unknown one does neither here. */
export function knownOf<const W extends string>(words: readonly W[]) {
  return z.array(z.string()).transform((given) => words.filter((word) => given.includes(word)))
}

/** What an event tells: what is neither text, number nor yes or no is left out. */
export const EventData = z
  .record(z.string(), z.unknown())
  .transform((data) => Object.fromEntries(Object.entries(data).filter(isScalar)))

function isScalar(member: [string, unknown]): member is [string, string | number | boolean] {
  return ['string', 'number', 'boolean'].includes(typeof member[1])
}
