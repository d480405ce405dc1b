/** Client certificates whose names try to be somebody else's: made anew, judged by the one function that reads a caller. */
import { webcrypto } from 'node:crypto'
import { Refusal } from '../../src/domain/refusal.ts'
import { identityOf } from '../../src/grpc/identity.ts'
import {
  type JsonGeneralName,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '../../src/x509.ts'
import { type Score, scoreOf } from './score.ts'

const PERIMETER = { trustDomain: 'tamga.test', vaspIds: new Set(['alice']) }
const GOOD = 'spiffe://tamga.test/vasp/alice/role/integrator'
const ADMIN = 'spiffe://tamga.test/vasp/alice/role/admin'
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

const url = (value: string): JsonGeneralName => ({ type: 'url', value })
const dns = (value: string): JsonGeneralName => ({ type: 'dns', value })

const NAMES: readonly (readonly JsonGeneralName[][])[] = [
  [],
  [[dns('tamga.test')]],
  [[url(GOOD), url(ADMIN)]],
  [[url(GOOD), url(GOOD)]],
  [[url(GOOD)], [url(ADMIN)]],
  [[url(`${GOOD}, URI:${ADMIN}`)]],
  [[url(`${GOOD}\\u002c URI:${ADMIN}`)]],
  [[url(`${GOOD}\u0000`)]],
  [[url(`${GOOD}\u0000.evil.test`)]],
  [[url(`${GOOD}\n`)]],
  [[url(`${GOOD} `)]],
  [[url(` ${GOOD}`)]],
  [[url(`${GOOD}/`)]],
  [[url(`${GOOD}?role=admin`)]],
  [[url(`${GOOD}#admin`)]],
  [[url(GOOD.toUpperCase())]],
  [[url(GOOD.replace('spiffe', 'SPIFFE'))]],
  [[url(GOOD.replace('spiffe:', 'https:'))]],
  [[url(GOOD.replace('tamga.test', 'tamga.test.evil.test'))]],
  [[url(GOOD.replace('tamga.test', 'tamga.test@evil.test'))]],
  [[url(GOOD.replace('tamga.test', 'tamga.test:443'))]],
  [[url(GOOD.replace('tamga.test', 'ta%6dga.test'))]],
  [[url(GOOD.replace('alice', '%61lice'))]],
  [[url(GOOD.replace('alice', 'bob/../alice'))]],
  [[url(GOOD.replace('alice', '__proto__'))]],
  [[url(GOOD.replace('alice', 'constructor'))]],
  [[url(GOOD.replace('/vasp/', '//vasp/'))]],
  [[url(GOOD.replace('integrator', 'root'))]],
  [[url(GOOD.replace('integrator', 'Admin'))]],
  [[url(GOOD.replace('integrator', 'toString'))]],
  [[url(GOOD.replace('integrator', ''))]],
  [[url('spiffe://')]],
  [[url('x'.repeat(10_000))]],
  [[dns(GOOD)]],
  [[{ type: 'email', value: `${GOOD}@evil.test` }]],
  [[dns('alice'), url(`${GOOD}${'/'.repeat(1_000)}`)]],
]

export async function certificateScores(): Promise<Score[]> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const made = (names: readonly JsonGeneralName[][]) =>
    X509CertificateGenerator.createSelfSigned({
      // A common name that would do, if anybody looked at it.
      name: `CN=${ADMIN}`,
      notBefore: new Date(Date.now() - 1_000),
      notAfter: new Date(Date.now() + 1_000_000),
      keys,
      signingAlgorithm: ALGORITHM,
      extensions: names.map((group) => new SubjectAlternativeNameExtension(group)),
    })
  const sound = identityOf(
    new Uint8Array((await made([[url(GOOD), dns('app.alice.example')]])).rawData),
    PERIMETER,
  )
  if (sound.caller.role !== 'integrator') throw new Error('the sound certificate is not known')
  const score = await scoreOf(
    'hostile certificate names',
    'own, tests/conformance/certificates.ts',
    NAMES,
    async (names) => {
      const der = new Uint8Array((await made(names)).rawData)
      try {
        const { caller } = identityOf(der, PERIMETER)
        return `!${JSON.stringify(names).slice(0, 200)} is ${caller.role}`
      } catch (error) {
        return error instanceof Refusal && error.code === 'CALLER_UNKNOWN' ? 'expected' : `!${String(error)}`
      }
    },
  )
  return [score]
}
