/** Every version that was ever proposed: by whom, approved by whom, in force since when, and what it changed. */
import type { Schemas } from '../../api/client.ts'
import { useT } from '../../i18n/i18n.tsx'
import { Chip, Moment, Section, type Tone } from '../../ui/bits.tsx'
import { PersonName } from '../../ui/transfer-bits.tsx'
import { Difference } from './difference.tsx'

type Version = Schemas['PolicyVersion']

const TONES: Readonly<Record<Version['state'], Tone>> = {
  proposed: 'accent',
  published: 'go',
  withdrawn: 'calm',
}

export function History({ page }: { page: Schemas['PolicyPage'] }) {
  const t = useT()
  const { versions, inForce } = page
  return (
    <Section title={t('policy.history')}>
      {versions.length === 0 ? (
        <p className="pad quiet">{t('policy.noHistory')}</p>
      ) : (
        <ol className="versions">
          {versions.map((version) => (
            <li key={version.version}>
              <p>
                <b>{t('policy.version', { version: version.version })}</b>{' '}
                <Chip tone={TONES[version.state]}>
                  {t(
                    version.version === inForce.version ? 'policy.inForce' : `policy.state.${version.state}`,
                  )}
                </Chip>
              </p>
              <p className="quiet small">
                {t('policy.proposedBy')} <PersonName person={version.author} />,{' '}
                <Moment at={version.proposedAt} full />
                {version.approver && (
                  <>
                    {' · '}
                    {t('policy.approvedBy')} <PersonName person={version.approver} />
                  </>
                )}
                {version.endedAt && (
                  <>
                    {' · '}
                    {t(version.state === 'withdrawn' ? 'policy.withdrawnAt' : 'policy.since')}{' '}
                    <Moment at={version.endedAt} full />
                  </>
                )}
              </p>
              <What version={version} versions={versions} />
            </li>
          ))}
        </ol>
      )}
    </Section>
  )
}

/** Against what was in force when it was proposed; what the VASPs file said before is not kept. */
function What({ version, versions }: { version: Version; versions: readonly Version[] }) {
  const t = useT()
  const before = versions.find(
    ({ hash, version: number }) => hash === version.baseHash && number < version.version,
  )
  if (before === undefined) return <p className="quiet small">{t('policy.afterFile')}</p>
  return (
    <details className="version-changes">
      <summary>{t('policy.whatChanged')}</summary>
      <Difference before={before.text} after={version.text} />
    </details>
  )
}
