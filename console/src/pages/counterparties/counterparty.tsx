/** One counterparty: may we deal with it and why, does it answer, by which keys, what went wrong. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { answer, api, decisionHeaders, type Schemas } from '../../api/client.ts'
import { isProblem } from '../../api/problem.ts'
import { counterparty as counterpartyQuery } from '../../api/queries.ts'
import { useFormat } from '../../i18n/format.ts'
import { useLanguage } from '../../i18n/i18n.tsx'
import { Chip, Fact, Facts, Moment, Notice, Section } from '../../ui/bits.tsx'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { Proofs } from '../../ui/proofs.tsx'
import { Failed, Loading } from '../../ui/state.tsx'
import { toast } from '../../ui/toast.tsx'
import { VerdictChip } from '../../ui/transfer-bits.tsx'
import { CircuitChip, CircuitNotice } from './circuit.tsx'
import { Conduct } from './conduct.tsx'
import { Checks, Diligence } from './diligence.tsx'
import { Keys } from './keys.tsx'
import { SuspendForm } from './suspend-form.tsx'
import { Tasks } from './tasks.tsx'
import { TermsSection } from './terms.tsx'

type Detail = Schemas['CounterpartyDetail']
const route = getRouteApi('/house/counterparties/$id')

export function CounterpartyPage() {
  const { id } = route.useParams()
  const detail = useQuery(counterpartyQuery(id))
  if (detail.isPending) return <Loading rows={8} />
  if (detail.data === undefined) return <Failed error={detail.error} onRetry={() => void detail.refetch()} />
  return <Known key={id} detail={detail.data} />
}

function Known({ detail }: { detail: Detail }) {
  const { t } = useLanguage()
  const format = useFormat()
  const { counterparty: card, openTransfers, openHolds } = detail
  return (
    <>
      <nav className="crumbs" aria-label={t('nav.where')}>
        <Link to="/counterparties">{t('nav.counterparties')}</Link>
        <span aria-hidden="true">/</span>
        <span className="mono">{card.id}</span>
      </nav>
      <PageHead
        title={card.legalName}
        text={
          <span className="head-facts">
            <span>{format.country(card.country)}</span>
            {card.lei && <span>LEI {card.lei}</span>}
            <Link to="/transfers" search={{ counterparty: card.id }}>
              {t('counterparty.openTransfers', { count: openTransfers })}
            </Link>
            <Link to="/holds" search={{ counterparty: card.id }}>
              {t('case.openHolds', { count: openHolds })}
            </Link>
          </span>
        }
        actions={
          <>
            <VerdictChip verdict={card.verdict} />
            <CircuitChip circuit={detail.circuit} />
            <Acts detail={detail} />
          </>
        }
      />
      {card.suspension && (
        <Notice tone="stop" icon="stop">
          <p className="strong">{t('counterparty.suspended')}</p>
          <p>
            <code className="code">{card.suspension.reason}</code> ·{' '}
            {card.suspension.by.replace(/^person:/, '')} · <Moment at={card.suspension.at} />
          </p>
        </Notice>
      )}
      <CircuitNotice circuit={detail.circuit} />
      <div className="case">
        <div className="case-main">
          <Tasks detail={detail} />
          <TermsSection detail={detail} />
          <Diligence detail={detail} />
          <Conduct conduct={detail.conduct} />
          <Keys keys={detail.keys} />
        </div>
        <aside className="case-aside" aria-label={t('aside.title')}>
          <Section title={t('counterparty.proofs')}>
            <Proofs proofs={card.proofs} missing={card.missing} />
          </Section>
          <Checks checks={detail.checks} />
          <Section title={t('counterparty.card')}>
            <Facts>
              <Fact name={t('counterparty.id')}>
                <code>{card.id}</code>
              </Fact>
              <Fact name={t('column.verdict')}>
                {card.expiresAt ? (
                  <>
                    {t('proof.until')} <Moment at={card.expiresAt} full />
                  </>
                ) : (
                  <Chip>{t(`verdict.${card.verdict}`)}</Chip>
                )}
              </Fact>
            </Facts>
          </Section>
          <ButtonLink to="/audit" search={{ subject: `counterparty:${card.id}` }} look="quiet" icon="audit">
            {t('counterparty.audit')}
          </ButtonLink>
        </aside>
      </div>
    </>
  )
}

function Acts({ detail }: { detail: Detail }) {
  const { t, maybe } = useLanguage()
  const [isSuspending, setSuspending] = useState(false)
  const may = (name: string) => detail.actions.some(({ action, allowed }) => action === name && allowed)
  const acting = useCounterpartyAct(detail)
  const act = (name: 'ping' | 'reinstate') =>
    acting.mutate(name, {
      onSuccess: () => toast(t(`done.${name}`)),
      onError: (error) =>
        toast(
          isProblem(error) ? maybe(`problem.${error.code}`, t('form.failed')) : t('state.offline.text'),
          'stop',
        ),
    })
  return (
    <>
      {may('ping') && (
        <Button icon="transfer" onPress={() => act('ping')} isDisabled={acting.isPending}>
          {t('action.ping')}
        </Button>
      )}
      {may('reinstate') && (
        <Button icon="check" onPress={() => act('reinstate')} isDisabled={acting.isPending}>
          {t('action.reinstate')}
        </Button>
      )}
      {may('suspend') && (
        <Button look="danger" icon="stop" onPress={() => setSuspending(true)}>
          {t('action.suspend')}
        </Button>
      )}
      <SuspendForm detail={detail} isOpen={isSuspending} onClose={() => setSuspending(false)} />
    </>
  )
}

function useCounterpartyAct({ counterparty: { id }, etag }: Detail) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (name: 'ping' | 'reinstate') => {
      const options = {
        params: { path: { id }, header: decisionHeaders(etag, crypto.randomUUID()) },
        body: {},
      }
      return answer(
        name === 'ping'
          ? api.POST('/api/counterparties/{id}/ping', options)
          : api.POST('/api/counterparties/{id}/reinstate', options),
      )
    },
    onSettled: () => queries.invalidateQueries({ queryKey: counterpartyQuery(id).queryKey }),
  })
}
