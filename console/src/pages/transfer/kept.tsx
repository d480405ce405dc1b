/** Until when the data of this transfer is kept, and who has said that it must stay. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { transferRetention } from '../../api/queries.ts'
import { useFormat } from '../../i18n/format.ts'
import { useT } from '../../i18n/i18n.tsx'
import { useMay } from '../../shell/session.ts'
import { Fact, Facts, Moment, Section } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { PersonName } from '../../ui/transfer-bits.tsx'
import { type LegalHoldAct, LegalHoldForm } from '../retention/legal-hold-form.tsx'
import { useRules } from '../retention/lists.tsx'

export function Kept({ transferId }: { transferId: string }) {
  const t = useT()
  const format = useFormat()
  const mayRead = useMay('read-retention')
  const found = useQuery({ ...transferRetention(transferId), enabled: mayRead }).data
  const { rules } = useRules()
  const [act, setAct] = useState<LegalHoldAct>()
  if (found === undefined) return null
  const { kept, shreddedAt, legalHolds, may } = found
  return (
    <Section title={t('retention.data')}>
      <Facts>
        <Fact name={t('retention.until')}>
          {shreddedAt !== null ? (
            <>
              {t('retention.gone')} <Moment at={shreddedAt} full />
            </>
          ) : kept === null ? (
            t('retention.running')
          ) : (
            <>
              {format.date(new Date(kept.until))}
              <span className="quiet tiny block">
                {t('policy.years', { count: kept.years })}, {rules(kept.rules)}
              </span>
            </>
          )}
        </Fact>
        {legalHolds.map((hold) => (
          <Fact key={hold.id} name={t(hold.lifted === null ? 'legalHold.is' : 'legalHold.was')}>
            <code className="code">{hold.reason}</code>
            <span className="quiet tiny block">
              <PersonName person={hold.setBy} /> · <Moment at={hold.setAt} full />
            </span>
            {hold.lifted && (
              <span className="quiet tiny block">
                {t('legalHold.lifted')} <code className="code">{hold.lifted.reason}</code>{' '}
                <PersonName person={hold.lifted.by} /> · <Moment at={hold.lifted.at} full />
              </span>
            )}
            {hold.lifted === null && may.liftLegalHold && (
              <Button
                look="danger"
                aria-label={t('legalHold.liftOf', { reason: hold.reason })}
                onPress={() => setAct({ action: 'lift', id: hold.id })}
              >
                {t('legalHold.lift.open')}
              </Button>
            )}
          </Fact>
        ))}
      </Facts>
      {may.setLegalHold && shreddedAt === null && (
        <p className="pad">
          <Button icon="policy" onPress={() => setAct({ action: 'set', id: transferId })}>
            {t('legalHold.set.open')}
          </Button>
        </p>
      )}
      <LegalHoldForm act={act} onClose={() => setAct(undefined)} />
    </Section>
  )
}
