/** Beside the case: the rule that binds, the counterparty's proofs, related transfers, how to check the evidence. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Schemas } from '../../api/client.ts'
import { related as relatedQuery } from '../../api/queries.ts'
import { useFormat } from '../../i18n/format.ts'
import { useLanguage } from '../../i18n/i18n.tsx'
import { useMay } from '../../shell/session.ts'
import { Ago, Chip, Fact, Facts, Moment, Section } from '../../ui/bits.tsx'
import { Proofs } from '../../ui/proofs.tsx'
import { Amount, CounterpartyName, DecisionChip, Direction, VerdictChip } from '../../ui/transfer-bits.tsx'

import { Kept } from './kept.tsx'

type Detail = Schemas['TransferDetail']

export function Aside({ detail }: { detail: Detail }) {
  const { t, maybe } = useLanguage()
  return (
    <aside className="case-aside" aria-label={t('aside.title')}>
      <Rule rule={detail.rule} isExempt={detail.exempt} />
      {detail.counterparty && <Counterparty card={detail.counterparty} />}
      {detail.repairs.length > 0 && (
        <Section title={t('repairs.title')}>
          <ul className="plain-list pad">
            {detail.repairs.map((repair) => (
              <li key={repair.path}>
                <code className="code">{repair.path}</code> {maybe(`finding.${repair.code}`, repair.message)}
              </li>
            ))}
          </ul>
        </Section>
      )}
      <RelatedTransfers id={detail.transfer.id} />
      <Kept transferId={detail.transfer.id} />
      <Evidence id={detail.transfer.id} />
    </aside>
  )
}

function Rule({ rule, isExempt }: { rule: Detail['rule']; isExempt: boolean }) {
  const { t } = useLanguage()
  return (
    <Section title={t('rule.title')}>
      {rule === null ? (
        <p className="quiet pad">{t('rule.none')}</p>
      ) : (
        <Facts>
          <Fact name={t('rule.pack')}>
            {rule.pack} <span className="quiet">{t('rule.version', { version: rule.version })}</span>
          </Fact>
          <Fact name={t('rule.clause')}>{rule.clause}</Fact>
          {rule.packs.length > 0 && (
            <Fact name={t('rule.packs')}>
              <span className="flags">
                {rule.packs.map(({ rule: id, version, hash }) => (
                  <span key={id} title={`${version} · ${hash}`}>
                    <Chip>{id}</Chip>
                  </span>
                ))}
              </span>
            </Fact>
          )}
        </Facts>
      )}
      {isExempt && <p className="pad small">{t('rule.exempt')}</p>}
    </Section>
  )
}

function Counterparty({ card }: { card: Schemas['CounterpartyCard'] }) {
  const { t } = useLanguage()
  const format = useFormat()
  return (
    <Section title={t('aside.counterparty')} aside={<VerdictChip verdict={card.verdict} />}>
      <p className="pad">
        <Link to="/counterparties/$id" params={{ id: card.id }} className="strong">
          <bdi>{card.legalName}</bdi>
        </Link>{' '}
        <span className="quiet">{format.country(card.country)}</span>
      </p>
      <Proofs proofs={card.proofs} missing={card.missing} />
      {card.expiresAt && (
        <p className="pad quiet small">
          {t('proof.verdictUntil')} <Moment at={card.expiresAt} />
        </p>
      )}
    </Section>
  )
}

function RelatedTransfers({ id }: { id: string }) {
  const { t } = useLanguage()
  const found = useQuery(relatedQuery(id)).data?.items ?? []
  return (
    <Section title={t('related.title')}>
      {found.length === 0 ? (
        <p className="quiet pad small">{t('related.none')}</p>
      ) : (
        <ul className="related">
          {found.slice(0, 8).map((item) => (
            <li key={`${item.id} ${item.sharedBy}`}>
              <Link to="/transfers/$id" params={{ id: item.id }}>
                <Direction of={item.direction} /> <CounterpartyName counterparty={item.counterparty} />
              </Link>
              <Amount transfer={item} />
              <span className="flags">
                <Chip>{t(`shared.${item.sharedBy}`)}</Chip>
                <DecisionChip decision={item.decision} />
              </span>
              <span className="quiet tiny">
                <Ago at={item.createdAt} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

function Evidence({ id }: { id: string }) {
  const { t } = useLanguage()
  const mayExport = useMay('export')
  return (
    <Section title={t('evidence.title')}>
      <div className="pad stack">
        <p className="small quiet">{t('evidence.text')}</p>
        <code className="command">bin/tamga evidence verify evidence-{id}.json</code>
        {mayExport && (
          <a href={`/api/transfers/${id}/evidence`} download>
            {t('transfer.evidence')}
          </a>
        )}
      </div>
    </Section>
  )
}
