/** Checks an evidence bundle with nothing but the bundle and, where given, keys that the reader got in another way. */
import { z } from 'zod'
import { parseCard } from '../domain/counterparty/card.ts'
import { EnvelopeRefusal } from '../domain/envelope/refusal.ts'
import { verifyCard } from './cards.ts'
import { fromBase64url, fromUtf8 } from './encoding.ts'
import { type Bundle, EVIDENCE_TYP, readBundle, sha256 } from './evidence-bundle.ts'
import { type Case, type EvidenceFinding, openCase, type Statement, whyOf } from './evidence-case.ts'
import { checkedCheckpoint, checkLog } from './evidence-log.ts'
import { checkMessages } from './evidence-messages.ts'
import { checkScreenings } from './evidence-screenings.ts'
import { checkShredding } from './evidence-shredding.ts'
import type { JwkSet } from './jwk-set.ts'
import { verifyPermit } from './permits.ts'

export interface EvidenceVerdict {
  readonly valid: boolean
  readonly transferId: string
  readonly exporter: string
  readonly exportedAt: string
  readonly state: string
  readonly personalData: boolean
  /** VASPs whose keys are known from the bundle only: compare their thumbprints, or pin them. */
  readonly unpinned: readonly string[]
  readonly findings: readonly EvidenceFinding[]
  /** In the order of time. */
  readonly statements: readonly Statement[]
}

const SEAL_BYTES_MAX = 2_048
const Seal = z.strictObject({
  iss: z.string(),
  iat: z.int().positive(),
  transfer_id: z.string(),
  sha256: z.string(),
})

/** Undefined for a file that is no bundle. Throws EnvelopeRefusal when the pinned keys cannot be used. */
export async function checkEvidence(
  file: string,
  pinnedKeys?: readonly JwkSet[],
): Promise<EvidenceVerdict | undefined> {
  const read = readBundle(file)
  if (read === undefined) return undefined
  const { bundle, digest, canonical } = read
  const given = openCase(bundle, pinnedKeys)
  if (!canonical) given.fail('NOT_CANONICAL', 'file')
  await checkSeal(given, digest)
  await checkCards(given)
  const checkpoint = checkedCheckpoint(given)
  await checkShredding(given, checkpoint)
  await checkMessages(given)
  checkLog(given, checkpoint)
  await checkPermit(given)
  checkScreenings(given)
  tellRulings(given)
  const { findings, statements, unpinned } = given
  return {
    valid: findings.length === 0,
    transferId: bundle.transfer.id,
    exporter: bundle.exporter,
    exportedAt: bundle.exported_at,
    state: bundle.transfer.state,
    personalData: bundle.personal !== null,
    unpinned: [...unpinned].toSorted(),
    findings,
    statements: statements.toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at)),
  }
}

async function checkSeal({ bundle, verify, fail, say }: Case, digest: string): Promise<void> {
  try {
    const expected = { typ: EVIDENCE_TYP, bytesMax: SEAL_BYTES_MAX, vaspId: bundle.exporter }
    const signed = await verify(bundle.seal, expected)
    const seal = Seal.safeParse(JSON.parse(signed.payload)).data
    const fits =
      seal?.sha256 === digest && seal.iss === bundle.exporter && seal.transfer_id === bundle.transfer.id
    if (!fits) throw new EnvelopeRefusal('DIGEST')
    signed.checkTime(seal.iat, new Date(seal.iat * 1000))
    say(new Date(seal.iat * 1000), `${bundle.exporter} sealed this bundle as a whole`, 'signature good')
  } catch (error) {
    fail('SEAL', 'seal', whyOf(error))
  }
}

async function checkCards({ bundle, fail, say, trust, keysOf }: Case): Promise<void> {
  for (const [vaspId, token] of Object.entries(bundle.cards)) {
    try {
      // As of its own day: it may have expired since.
      const { iat } = parseCard(fromUtf8(fromBase64url(token.split('.')[1] ?? '')))
      const { card, kid } = await verifyCard(token, 'self', new Date(iat * 1000))
      const key = keysOf(vaspId).find((known) => known.kid === kid)
      if (card.vaspId !== vaspId || key === undefined) throw new EnvelopeRefusal('KEY_NOT_PINNED')
      trust(key)
      const { regulator, number } = card.licence
      const text = `${vaspId} said who it is: ${card.legalName}, ${card.country}, licence ${number} of ${regulator}`
      say(new Date(iat * 1000), text, 'signature good')
    } catch (error) {
      fail('CARD', vaspId, whyOf(error))
    }
  }
}

async function checkPermit({ bundle, fail, say, keysOf }: Case): Promise<void> {
  const { permit, personal, exporter, transfer } = bundle
  const issued = bundle.events.filter(({ type }) => type === 'permit-issued').map(({ data }) => data['jti'])
  const token = personal?.permit ?? undefined
  if (permit === null) {
    if (token !== undefined) fail('PERMIT', 'permit', 'there is none')
    return
  }
  const { jti, expires_at: end, issued_at: begin } = permit
  if (!issued.includes(jti)) fail('PERMIT', jti, 'the audit log does not know it')
  const text = `${exporter} issued permit ${jti}, good until ${end}`
  if (token === undefined) {
    say(begin, text, 'as the audit log says; its text is not disclosed')
    return
  }
  try {
    if (sha256(token) !== permit.sha256) throw new EnvelopeRefusal('DIGEST')
    const claims = await verifyPermit(token, { keys: jwksOf(bundle, keysOf(exporter)) }, new Date(begin))
    if (claims.jti !== jti || claims.transferId !== transfer.id || claims.vasp !== exporter)
      throw new EnvelopeRefusal('CLAIMS', 'it is for another transfer')
    say(begin, `${text}: ${claims.amount} of ${claims.asset} to ${claims.destination}`, 'signature good')
  } catch (error) {
    fail('PERMIT', jti, whyOf(error))
  }
}

/** The bundle's own keys, of the exporter only. */
function jwksOf({ keys }: Bundle, own: readonly { readonly kid: string }[]): JwkSet['keys'] {
  const kids = new Set(own.map(({ kid }) => kid))
  const Kid = z.looseObject({ kid: z.string() })
  return keys.filter((key) => kids.has(Kid.safeParse(key).data?.kid ?? ''))
}

const Ruling = z.looseObject({
  decision: z.string(),
  packs: z.array(z.looseObject({ rule: z.string(), version: z.string() })),
})

function tellRulings({ bundle, say }: Case): void {
  for (const { version, record } of bundle.rulings) {
    const ruling = Ruling.safeParse(record).data
    const at = bundle.events.find((event) => event.version === version)?.at ?? bundle.transfer.created_at
    const packs = ruling?.packs.map(({ rule, version: of }) => `${rule}@${of}`).join(', ')
    if (ruling !== undefined)
      say(
        at,
        `the rules judged ${ruling.decision} by ${packs || 'no pack'}`,
        `the word of ${bundle.exporter}`,
      )
  }
}
