/** What was sent beside what is held, field by field; and personal data revealed for a purpose. */
import { z } from 'zod'
import { REVEAL_PURPOSES } from '../../../app/console/reveal.ts'
import { NoteText, Time } from './common.ts'

/**
 * How a field compares. `not-comparable`: one side has nothing to compare with (no customer data was given); `missing`: the other side has
 * the field. Only the names have shades between equal and different.
 */
const FieldVerdict = z
  .enum([
    'equal',
    'transliterated',
    'reordered',
    'partial',
    'review',
    'different',
    'missing',
    'not-comparable',
  ])
  .meta({ id: 'FieldVerdict' })

/** A value that is not shown: what can be said about it without showing it. */
const MaskedValue = z
  .object({
    masked: z.string(),
    /** ISO 15924, as in Latn, Cyrl. More than one script in one word is a warning. */
    scripts: z.array(z.string()),
    /** Code points that are not seen, as in U+200B. */
    hidden: z.array(z.string()),
  })
  .meta({ id: 'MaskedValue' })

const ComparedField = z
  .object({
    /** JSON pointer into the payload that was sent. */
    path: z.string(),
    party: z.enum(['originator', 'beneficiary', 'originating-vasp', 'beneficiary-vasp', 'other']),
    /** The key of its label, as in `name.primaryIdentifier`. */
    label: z.string(),
    sent: MaskedValue.nullable(),
    held: MaskedValue.nullable(),
    verdict: FieldVerdict,
  })
  .meta({ id: 'ComparedField' })

export const Comparison = z
  .object({
    /** There is an identity payload that can be read. */
    available: z.boolean(),
    /** Its data key was destroyed: nobody can read it any more. */
    shredded: z.boolean(),
    /** The beneficiary was compared with a customer of ours. */
    compared: z.boolean(),
    outcome: z.enum(['match', 'review', 'mismatch']).nullable(),
    /** Codes of docs/names.md, each with its sentence. */
    reasons: z.array(z.object({ code: z.string(), message: z.string() })),
    fields: z.array(ComparedField),
  })
  .meta({ id: 'Comparison' })

export const RevealRequest = z
  .strictObject({
    purpose: z.enum(REVEAL_PURPOSES),
    /** Required when the purpose is OTHER. Goes into the hold's record encrypted, never into the audit log. */
    note: NoteText.optional(),
    /** JSON pointers, or `destination`, `tag`, `txId`; all when left out. */
    fields: z.array(z.string().min(1).max(300)).min(1).max(500).optional(),
  })
  .refine(({ purpose, note }) => purpose !== 'OTHER' || note !== undefined, {
    path: ['note'],
    message: 'says why, when the purpose is OTHER',
  })
  .meta({ id: 'RevealRequest' })

export const Revealed = z
  .object({
    /** To be hidden again then. */
    until: Time,
    fields: z.array(
      z
        .object({ path: z.string(), sent: z.string().nullable(), held: z.string().nullable() })
        .meta({ id: 'RevealedField' }),
    ),
  })
  .meta({ id: 'Revealed' })
