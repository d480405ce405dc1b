/** The keys it speaks with, and those it spoke with. */
import type { Schemas } from '../../api/client.ts'
import { useT } from '../../i18n/i18n.tsx'
import { Chip, Copyable, Moment, Section, type Tone } from '../../ui/bits.tsx'

type Key = Schemas['CounterpartyKey']

const TONES: Readonly<Record<Key['state'], Tone>> = {
  current: 'go',
  coming: 'accent',
  expired: 'calm',
  revoked: 'stop',
}

export function Keys({ keys }: { keys: readonly Key[] }) {
  const t = useT()
  return (
    <Section title={t('keys.title')}>
      <div className="scroll-x" tabIndex={0} role="region" aria-label={t('keys.title')}>
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">{t('keys.state')}</th>
              <th scope="col">{t('keys.use')}</th>
              <th scope="col">{t('keys.id')}</th>
              <th scope="col">{t('keys.from')}</th>
              <th scope="col">{t('keys.to')}</th>
            </tr>
          </thead>
          <tbody>
            {keys.map((key) => (
              <tr key={key.kid}>
                <td>
                  <Chip tone={TONES[key.state]}>{t(`keyState.${key.state}`)}</Chip>
                </td>
                <td>
                  {t(`keyUse.${key.use}`)} <span className="quiet tiny">{key.alg}</span>
                </td>
                <td>
                  <Copyable text={key.kid} label={t('common.copy')} />
                </td>
                <td>
                  <Moment at={key.notBefore} />
                </td>
                <td>
                  <Moment at={key.revokedAt ?? key.notAfter} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  )
}
