/** What the parts of the check of an evidence bundle share: the keys, what was found wrong, and what is proven to have been said. */
import type { PublicKeyRecord } from '../domain/envelope/public-key.ts'
import { EnvelopeRefusal } from '../domain/envelope/refusal.ts'
import type { Tombstone } from '../domain/retention/tombstone.ts'
import { checkKeyTime, verifyCompactJws } from './compact-jws.ts'
import type { Bundle } from './evidence-bundle.ts'
import { type JwkSet, readJwkSet } from './jwk-set.ts'

export const EVIDENCE_FAULTS = {
  NOT_CANONICAL: 'the file is not in canonical form: its bytes were changed',
  SEAL: 'the seal over the whole bundle does not fit',
  KEYS: 'the keys of the bundle cannot be used',
  KEY_NOT_PINNED: 'a signature is by a key that is not among the pinned ones',
  EXPORTER_NOT_PINNED: 'no pinned key is of the VASP that sealed the bundle',
  ENVELOPE: 'an envelope does not verify',
  RECEIPT: 'a receipt does not verify',
  MESSAGE_MISSING: 'a message of this exchange is not in the bundle',
  CONTENT: 'a content is not the one that was signed for',
  CARD: 'a card does not verify',
  TOMBSTONE: 'the tombstone of the shredded data does not verify',
  PERMIT: 'the permit does not verify, or is another one',
  CHECKPOINT: 'the checkpoint of the audit log does not verify',
  PROOF: 'an audit entry is not proven by the checkpoint',
  ENTRY: 'an audit entry is missing, or not of this transfer',
  EVENTS: 'the events are not those of the audit log',
  HOLDS: 'the holds are not those of the events',
  SCREENING: 'a screening is not the one of the audit log',
} as const
export type EvidenceFault = keyof typeof EVIDENCE_FAULTS

export interface EvidenceFinding {
  readonly code: EvidenceFault
  /** Which message, entry, hold or key. */
  readonly where: string
  readonly message: string
}

/** Who said what when, and how that is known. */
export interface Statement {
  readonly at: string
  readonly text: string
  readonly proof: string
  readonly good: boolean
}

export interface Case {
  readonly bundle: Bundle
  readonly findings: EvidenceFinding[]
  readonly statements: Statement[]
  /** VASPs whose keys are known from the bundle only. */
  readonly unpinned: Set<string>
  readonly fail: (code: EvidenceFault, where: string, detail?: string) => void
  readonly say: (at: Date | string, text: string, proof: string, good?: boolean) => void
  /** Of a shredded transfer, once it verified; its messages count by it. */
  tombstone: Tombstone | undefined
  /** All keys of one VASP. */
  readonly keysOf: (vaspId: string) => readonly PublicKeyRecord[]
  /** Notes that the key's word was taken. */
  readonly trust: (key: PublicKeyRecord) => void
  /** The signed payload of a statement by `vaspId`. Throws EnvelopeRefusal. */
  readonly verify: (
    token: string,
    expected: { readonly typ: string; readonly bytesMax: number; readonly vaspId: string },
  ) => Promise<Signed>
}

export interface Signed {
  readonly payload: string
  /** Throws EnvelopeRefusal when the signing key did not count then. */
  checkTime(iat: number, at: Date): void
}

export function openCase(bundle: Bundle, pinnedKeys: readonly JwkSet[] | undefined): Case {
  const findings: EvidenceFinding[] = []
  const statements: Statement[] = []
  const unpinned = new Set<string>()
  const fail = (code: EvidenceFault, where: string, detail?: string) => {
    const message = `${where}: ${EVIDENCE_FAULTS[code]}${detail === undefined ? '' : ` (${detail})`}`
    findings.push({ code, where, message })
  }
  const pinned = new Map((pinnedKeys ?? []).flatMap((set) => [...readJwkSet(set)]))
  const pinnedVasps = new Set([...pinned.values()].map(({ vaspId }) => vaspId))
  // A pinned record counts more than what the bundle says of the same key.
  const keys = new Map([...bundleKeys(bundle, fail), ...pinned])

  const trust = (key: PublicKeyRecord) => {
    if (!pinnedVasps.has(key.vaspId)) unpinned.add(key.vaspId)
    else if (!pinned.has(key.kid)) fail('KEY_NOT_PINNED', `${key.vaspId} ${key.kid}`)
  }
  if (pinnedKeys !== undefined && !pinnedVasps.has(bundle.exporter))
    fail('EXPORTER_NOT_PINNED', bundle.exporter)

  return {
    bundle,
    findings,
    statements,
    unpinned,
    tombstone: undefined,
    fail,
    trust,
    say: (at, text, proof, good = true) =>
      statements.push({ at: typeof at === 'string' ? at : at.toISOString(), text, proof, good }),
    keysOf: (vaspId) => [...keys.values()].filter((key) => key.vaspId === vaspId),
    verify: async (token, { typ, bytesMax, vaspId }) => {
      const { payload, key } = await verifyCompactJws(token, {
        typ,
        bytesMax,
        keyFor: (kid) => keys.get(kid),
      })
      if (key.vaspId !== vaspId) throw new EnvelopeRefusal('ISSUER')
      trust(key)
      return { payload, checkTime: (iat, at) => checkKeyTime(key, iat, at) }
    },
  }
}

function bundleKeys({ keys }: Bundle, fail: Case['fail']): ReadonlyMap<string, PublicKeyRecord> {
  try {
    return readJwkSet({ keys })
  } catch (error) {
    fail('KEYS', 'keys', whyOf(error))
    return new Map()
  }
}

/** What is wrong with a signed statement. A fault of ours is thrown again. */
export function whyOf(error: unknown): string {
  if (error instanceof EnvelopeRefusal) return error.message
  throw error
}
