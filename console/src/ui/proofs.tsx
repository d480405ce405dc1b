/** The proofs of a counterparty: what each rests on and until when, those that are missing first. */
import type { Schemas } from '../api/client.ts'
import { useLanguage } from '../i18n/i18n.tsx'
import { Moment } from './bits.tsx'
import { Icon } from './icon.tsx'

interface Props {
  readonly proofs: Schemas['CounterpartyCard']['proofs']
  readonly missing: Schemas['CounterpartyCard']['missing']
}

export function Proofs({ proofs, missing }: Props) {
  const { t, maybe, word } = useLanguage()
  const never = missing.filter((kind) => !proofs.some((proof) => proof.kind === kind))
  return (
    <ul className="proofs">
      {never.map((kind) => (
        <li key={kind} className="lacking">
          <Icon name="alert" size={14} />
          <span>{word('proof', kind)}</span>
          <span className="small">{t('proof.missing')}</span>
        </li>
      ))}
      {proofs.map((proof) => {
        const isLapsed = proof.state === 'expired'
        const [source = ''] = proof.source.split(':')
        return (
          <li
            key={`${proof.kind} ${proof.provenAt}`}
            className={isLapsed && proof.required ? 'lacking' : isLapsed ? 'lapsed' : ''}
          >
            <Icon name={isLapsed ? 'alert' : 'check'} size={14} />
            <span>
              {word('proof', proof.kind)}
              <span className="quiet tiny block">{maybe(`proofSource.${source}`, proof.source)}</span>
            </span>
            <span className="quiet small">
              {t(isLapsed ? 'proof.lapsed' : 'proof.until')} <Moment at={proof.expiresAt} />
            </span>
          </li>
        )
      })}
    </ul>
  )
}
