/** How risky it is and why, what limits bind and how much of them is used, and what officers decided about it. */
import { useState } from 'react'
import type { Schemas } from '../../api/client.ts'
import { useFormat } from '../../i18n/format.ts'
import { useLanguage } from '../../i18n/i18n.tsx'
import { Chip, Fact, Facts, Moment, Section, type Tone } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { PersonName } from '../../ui/transfer-bits.tsx'
import { TermsForm } from './terms-form.tsx'

type Terms = Schemas['CounterpartyTerms']
type Level = Schemas['RiskLevel']

const TONES: Readonly<Record<Level, Tone>> = { low: 'go', medium: 'warn', high: 'stop' }

export function TermsSection({ detail }: { detail: Schemas['CounterpartyDetail'] }) {
  const { t } = useLanguage()
  const [seen, setSeen] = useState<Schemas['CounterpartyDetail']>()
  const { terms } = detail
  const mayChange = detail.actions.some(({ action, allowed }) => action === 'set-terms' && allowed)
  return (
    <Section
      title={t('terms.title')}
      aside={
        mayChange && (
          <Button look="quiet" icon="policy" onPress={() => setSeen(detail)}>
            {t('action.set-terms')}
          </Button>
        )
      }
    >
      <Facts>
        <Fact name={t('terms.risk')}>
          <RiskChip level={terms.risk} />
          <RiskInputs inputs={terms.riskInputs} />
        </Fact>
        {terms.riskFloor && (
          <Fact name={t('terms.floor')}>
            <RiskChip level={terms.riskFloor.level} /> <By decided={terms.riskFloor} />
          </Fact>
        )}
        <Fact name={t('terms.limits')}>
          <Limits terms={terms} />
        </Fact>
        <Fact name={t('terms.used')}>
          <Used day={terms.day} />
        </Fact>
        {terms.restriction && (
          <Fact name={t('terms.restricted')}>
            {t('terms.restrictedText')} <By decided={terms.restriction} />
          </Fact>
        )}
      </Facts>
      <TermsForm detail={detail} seen={seen} onClose={() => setSeen(undefined)} />
    </Section>
  )
}

function RiskChip({ level }: { level: Level }) {
  const { t } = useLanguage()
  return (
    <Chip tone={TONES[level]} icon={level === 'low' ? 'check' : 'alert'}>
      {t(`risk.${level}`)}
    </Chip>
  )
}

/** Those that raise it first; the rest can be opened. */
function RiskInputs({ inputs }: { inputs: Terms['riskInputs'] }) {
  const { t } = useLanguage()
  const say = useRiskWords()
  const raising = inputs.filter(({ level }) => level !== 'low')
  return (
    <>
      <ul className="risk-inputs">
        {raising.map(({ code, level }) => (
          <li key={code}>
            <Chip tone={TONES[level]}>{t(`risk.${level}`)}</Chip> {say(code)}
          </li>
        ))}
      </ul>
      <details>
        <summary className="quiet small">{t('terms.allInputs', { count: inputs.length })}</summary>
        <ul className="risk-inputs">
          {inputs.map(({ code, level }) => (
            <li key={code} className="small">
              {t(`risk.${level}`)}: {say(code)}
            </li>
          ))}
        </ul>
      </details>
    </>
  )
}

function useRiskWords() {
  const { t, maybe } = useLanguage()
  const format = useFormat()
  return (code: string) => {
    const [kind = '', ...rest] = code.split('_')
    const about = rest.join('_')
    if (kind === 'JURISDICTION') return `${t('proof.jurisdiction')}: ${format.country(about)}`
    if (kind === 'ANSWER') return maybe(`ddq.${about.toLowerCase()}`, about)
    if (kind === 'OFFICER') return `${t('terms.floor')}: ${maybe(`termsReason.${about}`, about)}`
    return maybe(`riskInput.${code}`, code)
  }
}

function Limits({ terms }: { terms: Terms }) {
  const { t } = useLanguage()
  const format = useFormat()
  const { perTransfer, perDay, limitsBy, limitsDecided } = terms
  const money = (fiat: Schemas['Fiat']) => format.money(fiat.amount, fiat.currency)
  if (perTransfer === null && perDay === null) return <span className="quiet">{t('terms.noLimit')}</span>
  return (
    <>
      {perTransfer && (
        <span className="block">{t('policy.perTransfer', { amount: money(perTransfer) })}</span>
      )}
      {perDay && <span className="block">{t('policy.perDay', { amount: money(perDay) })}</span>}
      {limitsDecided ? (
        <By decided={limitsDecided} />
      ) : (
        <span className="quiet tiny">{t(`terms.limitsBy.${limitsBy}`)}</span>
      )}
    </>
  )
}

function Used({ day: { sums, unknown } }: { day: Terms['day'] }) {
  const { t } = useLanguage()
  const format = useFormat()
  if (sums.length === 0 && unknown === 0) return <span className="quiet">{t('terms.nothingSent')}</span>
  return (
    <>
      {sums.map(({ amount, currency }) => format.money(amount, currency)).join(' + ')}
      {unknown > 0 && <span className="warn-text block">{t('terms.unvalued', { count: unknown })}</span>}
    </>
  )
}

function By({ decided }: { decided: Pick<NonNullable<Terms['restriction']>, 'by' | 'at' | 'reason'> }) {
  const { maybe } = useLanguage()
  return (
    <span className="quiet tiny block">
      <PersonName person={decided.by} /> · {maybe(`termsReason.${decided.reason}`, decided.reason)} ·{' '}
      <Moment at={decided.at} full />
    </span>
  )
}
