/** Gives a hold to a person, oneself first. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Schemas } from '../../api/client.ts'
import { isStale } from '../../api/problem.ts'
import { people } from '../../api/queries.ts'
import { useT } from '../../i18n/i18n.tsx'
import { useSession } from '../../shell/session.ts'
import { Button } from '../../ui/button.tsx'
import { Select } from '../../ui/field.tsx'
import { toast } from '../../ui/toast.tsx'
import { Changed } from './decide-form.tsx'
import { type Act, useAct } from './use-act.ts'

interface Props {
  readonly act: Act
  readonly assignee: Schemas['Person'] | null
  readonly isChanged: boolean
  readonly onClose: () => void
}

const NOBODY = ''

export function AssignForm({ act, assignee, isChanged, onClose }: Props) {
  const t = useT()
  const { person } = useSession()
  const everybody = useQuery(people).data?.items.filter(({ decides }) => decides) ?? []
  const [chosen, choose] = useState(assignee?.subject === person.subject ? NOBODY : person.subject)
  const sending = useAct({
    ...act,
    onDone() {
      toast(t('done.assign'))
      act.onDone()
    },
  })
  const isStopped = isChanged || isStale(sending.error)
  const others = everybody.filter(({ subject }) => subject !== person.subject)
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        if (!isStopped)
          sending.mutate({
            action: 'assign',
            reason: '',
            note: '',
            assignee: chosen === NOBODY ? null : chosen,
          })
      }}
    >
      <Select
        label={t('form.assignee')}
        value={chosen}
        choices={[
          { value: person.subject, label: t('form.myself') },
          ...others.map(({ subject, name }) => ({ value: subject, label: name ?? subject })),
          { value: NOBODY, label: t('form.nobody') },
        ]}
        onChange={choose}
        hint={t('follows.assign')}
      />
      {isStopped && <Changed />}
      {sending.error && !isStale(sending.error) && (
        <p className="field-error" role="alert">
          {t('form.failed')}
        </p>
      )}
      <footer className="dialog-actions">
        <Button onPress={onClose}>{t('common.cancel')}</Button>
        <Button type="submit" look="primary" isDisabled={isStopped || sending.isPending}>
          {t('send.assign')}
        </Button>
      </footer>
    </form>
  )
}
