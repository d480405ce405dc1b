/** What it answered when it was asked, and what registers and directories say of it. */
import { useState } from 'react'
import type { Schemas } from '../../api/client.ts'
import { useLanguage } from '../../i18n/i18n.tsx'
import { Ago, Chip, Moment, Section, type Tone } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { PersonName } from '../../ui/transfer-bits.tsx'
import { AttestForm } from './attest-form.tsx'
import { QuestionnaireForm } from './questionnaire-form.tsx'

type Detail = Schemas['CounterpartyDetail']
const ACTS = ['record-questionnaire', 'attest'] as const
type Act = (typeof ACTS)[number]

/** That it answered proves nothing: an officer's attestation does, and that lapses. */
export function Diligence({ detail }: { detail: Detail }) {
  const { t, maybe } = useLanguage()
  const { questionnaire, counterparty } = detail
  const proof = counterparty.proofs.find(({ kind }) => kind === 'due_diligence')
  return (
    <Section
      title={t('proof.due_diligence')}
      aside={
        proof === undefined ? (
          <Chip tone="warn" icon="alert">
            {t('diligence.notAttested')}
          </Chip>
        ) : (
          <Chip tone={proof.state === 'current' ? 'go' : 'stop'}>
            {t(proof.state === 'current' ? 'diligence.attestedUntil' : 'diligence.lapsed')}{' '}
            <Moment at={proof.expiresAt} />
          </Chip>
        )
      }
    >
      {questionnaire === null ? (
        <p className="pad quiet">{t('diligence.notAsked')}</p>
      ) : (
        <>
          <p className="pad quiet">
            {t('diligence.recorded', { form: questionnaire.form, count: questionnaire.count })}{' '}
            <PersonName person={questionnaire.recordedBy} /> · <Ago at={questionnaire.recordedAt} />
          </p>
          <details className="chart-table">
            <summary>{t('diligence.answers')}</summary>
            <dl className="facts">
              {questionnaire.answers.map(({ id, asks, answer }) => (
                <div key={id}>
                  <dt>{maybe(`ddq.${id}`, asks)}</dt>
                  <dd>{maybe(`ddqAnswer.${answer}`, answer)}</dd>
                </div>
              ))}
            </dl>
          </details>
        </>
      )}
      <DiligenceActs detail={detail} />
    </Section>
  )
}

function DiligenceActs({ detail }: { detail: Detail }) {
  const { t } = useLanguage()
  const [opened, setOpened] = useState<{ readonly act: Act; readonly seen: Detail }>()
  const may = ACTS.filter((act) => detail.actions.some(({ action, allowed }) => action === act && allowed))
  const seen = (act: Act) => (opened?.act === act ? opened.seen : undefined)
  const close = () => setOpened(undefined)
  if (may.length === 0) return null
  return (
    <div className="buttons pad">
      {may.map((act) => (
        <Button
          key={act}
          icon={act === 'attest' ? 'seal' : 'note'}
          onPress={() => setOpened({ act, seen: detail })}
        >
          {t(`action.${act}`)}
        </Button>
      ))}
      <QuestionnaireForm detail={detail} seen={seen('record-questionnaire')} onClose={close} />
      <AttestForm detail={detail} seen={seen('attest')} onClose={close} />
    </div>
  )
}

const TONES: Readonly<Record<string, Tone>> = {
  proven: 'go',
  refuted: 'stop',
  unclear: 'warn',
  failed: 'warn',
}

export function Checks({ checks }: { checks: Detail['checks'] }) {
  const { t, maybe } = useLanguage()
  if (checks.length === 0) return null
  return (
    <Section title={t('checks.title')}>
      <ul className="proofs">
        {checks.map(({ source, outcome, code, checkedAt, nextAt }) => (
          <li key={source}>
            <Chip tone={TONES[outcome ?? ''] ?? 'calm'}>
              {outcome === null ? t('checks.waiting') : maybe(`checkOutcome.${outcome}`, outcome)}
            </Chip>
            <span>
              {source} {code && <code className="code">{code}</code>}
              <span className="quiet tiny block">
                {checkedAt && <Ago at={checkedAt} />} · {t('checks.next')} <Moment at={nextAt} />
              </span>
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}
