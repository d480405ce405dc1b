/** What this house has decided for itself, in plain words; how it came to be; and how it is changed, by two persons. */
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import type { Schemas } from '../../api/client.ts'
import { policy as policyQuery } from '../../api/queries.ts'
import { useT } from '../../i18n/i18n.tsx'
import { useOfferActions } from '../../shell/page-actions.ts'
import { Fact, Facts, Moment, Section } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { Failed, Loading } from '../../ui/state.tsx'
import { PersonName } from '../../ui/transfer-bits.tsx'
import { useWords } from './difference.tsx'
import { Draft } from './draft.tsx'
import { History } from './history.tsx'
import { Proposed } from './proposed.tsx'
import { policyIn, subjectsOf } from './words.ts'

const route = getRouteApi('/house/policy')

export function PolicyPage() {
  const t = useT()
  const page = useQuery(policyQuery)
  if (page.isPending) return <Loading rows={8} />
  if (page.data === undefined)
    return (
      <>
        <PageHead title={t('nav.policy')} />
        <Failed error={page.error} onRetry={() => void page.refetch()} />
      </>
    )
  return <Known page={page.data} />
}

function Known({ page }: { page: Schemas['PolicyPage'] }) {
  const t = useT()
  const navigate = useNavigate()
  const isDrafting = route.useSearch().draft !== undefined
  const propose = page.actions.find(({ action }) => action === 'propose-policy')
  const mayPropose = propose?.allowed === true
  // Somebody else's proposal takes away the turn, not what was written.
  const mayDraft = mayPropose || propose?.why === 'POLICY_CHANGED'
  const go = (draft: 'new' | undefined) =>
    void navigate({ to: '/policy', search: draft === undefined ? {} : { draft } })
  useOfferActions(
    mayPropose && !isDrafting
      ? [{ id: 'policy/new', label: t('action.propose-policy'), run: () => go('new') }]
      : [],
  )
  return (
    <>
      <PageHead
        title={t('nav.policy')}
        text={<InForceSince page={page} />}
        actions={
          mayPropose &&
          !isDrafting && (
            <Button icon="plus" onPress={() => go('new')}>
              {t('action.propose-policy')}
            </Button>
          )
        }
      />
      <div className="stacked">
        {isDrafting && mayDraft && <Draft page={page} onClose={() => go(undefined)} />}
        {page.proposed && <Proposed page={page} proposed={page.proposed} />}
        <InWords text={page.inForce.text} />
        <History page={page} />
      </div>
    </>
  )
}

function InForceSince({ page }: { page: Schemas['PolicyPage'] }) {
  const t = useT()
  const { version } = page.inForce
  const known = page.versions.find((one) => one.version === version)
  if (known === undefined) return <>{t('policy.fromFile')}</>
  return (
    <>
      {t('policy.version', { version })} · {t('policy.proposedBy')} <PersonName person={known.author} />
      {known.approver && (
        <>
          {' · '}
          {t('policy.approvedBy')} <PersonName person={known.approver} />
        </>
      )}
      {known.endedAt && (
        <>
          {' · '}
          {t('policy.since')} <Moment at={known.endedAt} full />
        </>
      )}
    </>
  )
}

function InWords({ text }: { text: string }) {
  const words = useWords()
  const policy = policyIn(text)
  if (policy === undefined) return null
  return (
    <div className="two">
      {subjectsOf(policy, words).map(({ subject, lines }) => (
        <Section key={subject} title={words.t(`policy.subject.${subject}`)}>
          <Facts>
            {lines.map(({ key, name, value }) => (
              <Fact key={key} name={name}>
                {value}
              </Fact>
            ))}
          </Facts>
        </Section>
      ))}
    </div>
  )
}
