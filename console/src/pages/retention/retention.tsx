/** How long personal data is kept and by which rule, what a person has put aside, what is due, and what has gone. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Schemas } from '../../api/client.ts'
import { retention as retentionQuery } from '../../api/queries.ts'
import { useLanguage, useT } from '../../i18n/i18n.tsx'
import { Chip, Moment, Section, type Tone } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { Failed, Loading } from '../../ui/state.tsx'
import { PersonName } from '../../ui/transfer-bits.tsx'
import { type LegalHoldAct, LegalHoldForm } from './legal-hold-form.tsx'
import { Due, Shredded, TransferLink } from './lists.tsx'

type Overview = Schemas['Retention']

export function RetentionPage() {
  const t = useT()
  const overview = useQuery(retentionQuery)
  return (
    <>
      <PageHead title={t('nav.retention')} text={t('retention.text')} />
      {overview.isPending && <Loading rows={8} />}
      {overview.isError && <Failed error={overview.error} onRetry={() => void overview.refetch()} />}
      {overview.data && (
        <div className="stacked">
          <Rules overview={overview.data} />
          <LegalHolds overview={overview.data} />
          <Due />
          <Shredded />
        </div>
      )}
    </>
  )
}

const TONES: Readonly<Record<Overview['regimes'][number]['confidence'], Tone>> = {
  H: 'go',
  M: 'calm',
  L: 'warn',
}

function Rules({ overview: { floorYears, regimes } }: { overview: Overview }) {
  const { t } = useLanguage()
  return (
    <Section title={t('retention.rules')}>
      <table className="plain-table folding">
        <thead>
          <tr>
            <th scope="col">{t('rule.pack')}</th>
            <th scope="col">{t('retention.keeps')}</th>
            <th scope="col">{t('rule.clause')}</th>
            <th scope="col">{t('retention.sure')}</th>
          </tr>
        </thead>
        <tbody>
          {regimes.map((regime) => (
            <tr key={regime.rule}>
              <th scope="row">
                {regime.name} <code className="code">{regime.rule}</code>{' '}
                <span className="quiet tiny">{t('rule.version', { version: regime.version })}</span>
              </th>
              <td data-label={t('retention.keeps')}>{t('policy.years', { count: regime.years })}</td>
              <td data-label={t('rule.clause')}>
                {regime.clause}
                <details>
                  <summary className="quiet small">{t('retention.sources')}</summary>
                  <ul className="small">
                    {regime.sources.map(({ title, where }) => (
                      <li key={title} className="wrap">
                        {title} <span className="quiet">{where}</span>
                      </li>
                    ))}
                  </ul>
                </details>
              </td>
              <td data-label={t('retention.sure')}>
                <Chip tone={TONES[regime.confidence]}>{t(`retention.sure.${regime.confidence}`)}</Chip>
              </td>
            </tr>
          ))}
          <tr>
            <th scope="row">{t('nav.policy')}</th>
            <td data-label={t('retention.keeps')}>{t('policy.years', { count: floorYears })}</td>
            <td data-label={t('rule.clause')} className="quiet">
              {t('retention.floor')}
            </td>
            <td />
          </tr>
        </tbody>
      </table>
      <p className="pad quiet small">{t('retention.longest')}</p>
    </Section>
  )
}

function LegalHolds({ overview: { legalHolds, may } }: { overview: Overview }) {
  const t = useT()
  const [act, setAct] = useState<LegalHoldAct>()
  return (
    <Section title={t('legalHold.title')}>
      {legalHolds.length === 0 ? (
        <p className="pad quiet">{t(may.setLegalHold ? 'legalHold.noneSet' : 'legalHold.none')}</p>
      ) : (
        <table className="plain-table folding">
          <thead>
            <tr>
              <th scope="col">{t('column.transfer')}</th>
              <th scope="col">{t('form.reason')}</th>
              <th scope="col">{t('legalHold.setBy')}</th>
              <th scope="col">
                <span className="visually-hidden">{t('legalHold.lift.title')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {legalHolds.map((hold) => (
              <tr key={hold.id}>
                <th scope="row">
                  <TransferLink id={hold.transferId} />
                </th>
                <td data-label={t('form.reason')}>
                  <code className="code">{hold.reason}</code>
                </td>
                <td data-label={t('legalHold.setBy')}>
                  <PersonName person={hold.setBy} /> · <Moment at={hold.setAt} full />
                </td>
                <td className="end">
                  {may.liftLegalHold && (
                    <Button
                      look="danger"
                      aria-label={t('legalHold.liftOf', { reason: hold.reason })}
                      onPress={() => setAct({ action: 'lift', id: hold.id })}
                    >
                      {t('legalHold.lift.open')}
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {!may.liftLegalHold && legalHolds.length > 0 && (
        <p className="pad quiet small">{t('legalHold.mlroLifts')}</p>
      )}
      <LegalHoldForm act={act} onClose={() => setAct(undefined)} />
    </Section>
  )
}
