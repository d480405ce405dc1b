import { z } from 'zod'
import type { Attestation as AttestationInput, CounterpartyHint } from '../../app/gateway.ts'
import { PERIMETERS } from '../../domain/counterparty/counterparty.ts'
import { PROOF_KIND_NUMBERS } from '../wire/words.ts'
import * as fields from './fields.ts'
import { defined } from './parse.ts'

const OnChainAccount = z
  .strictObject({
    asset: fields.asset,
    destination: fields.destination,
    destinationTag: fields.destinationTag,
  })
  .superRefine(fields.onOneChain)
  .transform(({ destinationTag: tag, ...account }) => defined({ ...account, tag }))

export const LookupCounterparty = z
  .strictObject({
    vaspId: fields.vaspId.optional(),
    lei: fields.lei.optional(),
    domain: fields.domain.optional(),
    travelAddress: fields.travelAddress.optional(),
    account: OnChainAccount.optional(),
  })
  .refine((hint) => Object.values(hint).some((value) => value !== undefined), {
    path: ['hint'],
    message: 'must be one of vasp_id, lei, domain, travel_address and account',
  })
  .transform((hint): CounterpartyHint => defined(hint))

export const GetCounterparty = z.strictObject({ vaspId: fields.vaspId })

export const ListCounterparties = z.strictObject({ pageSize: fields.pageSize, pageToken: fields.pageToken })

export const ImportCounterparty = z.strictObject({
  requestId: fields.requestId,
  card: fields.card,
  person: fields.person,
})

const ATTESTATION_MAX_MS = 2 * 366 * 86_400_000
const ATTESTABLE = {
  licence: PROOF_KIND_NUMBERS.licence,
  due_diligence: PROOF_KIND_NUMBERS.due_diligence,
} as const

const Attestation = z
  .strictObject({
    kind: fields.word(ATTESTABLE),
    reference: fields.printable(1, 256),
    expiresAt: z
      .date()
      .refine((date) => date.getTime() > Date.now(), 'must be in the future')
      .refine((date) => date.getTime() <= Date.now() + ATTESTATION_MAX_MS, 'must be at most two years ahead'),
    documentSha256: fields.optional(
      z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in lower-case hexadecimal'),
    ),
    perimeter: fields.optional(z.enum(PERIMETERS, 'must be AIFC or NATIONAL')),
  })
  .refine(({ perimeter, kind }) => perimeter === undefined || kind === 'licence', {
    path: ['perimeter'],
    message: 'only a licence has one',
  })
  .transform((attestation): AttestationInput => defined(attestation))

export const VerifyCounterparty = z.strictObject({
  requestId: fields.requestId,
  vaspId: fields.vaspId,
  attestations: z.array(Attestation).max(10, 'must be at most 10'),
  person: fields.person,
})

export const SuspendCounterparty = z.strictObject({
  requestId: fields.requestId,
  vaspId: fields.vaspId,
  reason: fields.reasonCode,
  person: fields.person,
})

export const ReinstateCounterparty = z.strictObject({
  requestId: fields.requestId,
  vaspId: fields.vaspId,
  person: fields.person,
})
