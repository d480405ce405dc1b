/** Where this person is signed in, and how to end it elsewhere. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { answer, api } from '../../api/client.ts'
import { sessions as sessionsQuery } from '../../api/queries.ts'
import { useT } from '../../i18n/i18n.tsx'
import { Ago, Chip, Moment, Section } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { Failed, Loading } from '../../ui/state.tsx'
import { toast } from '../../ui/toast.tsx'

export function AccountPage() {
  const t = useT()
  const queries = useQueryClient()
  const list = useQuery(sessionsQuery)
  const end = useMutation({
    mutationFn: (id: string) => answer(api.DELETE('/api/sessions/{id}', { params: { path: { id } } })),
    onSuccess: () => toast(t('sessions.ended')),
    onSettled: () => queries.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  })
  return (
    <>
      <PageHead title={t('person.sessions')} text={t('sessions.text')} />
      {list.isPending && <Loading />}
      {list.isError && <Failed error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && (
        <Section title={t('sessions.title')}>
          <ul className="sessions">
            {list.data.items.map((item) => (
              <li key={item.id}>
                <div>
                  <p className="strong">
                    {item.userAgent} {item.current && <Chip tone="accent">{t('sessions.this')}</Chip>}
                  </p>
                  <p className="quiet small">
                    {t('sessions.since')} <Moment at={item.signedInAt} full /> · {t('sessions.seen')}{' '}
                    <Ago at={item.lastSeenAt} />
                  </p>
                </div>
                {!item.current && (
                  <Button look="danger" onPress={() => end.mutate(item.id)} isDisabled={end.isPending}>
                    {t('sessions.end')}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  )
}
