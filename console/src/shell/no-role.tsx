/** For who is signed in and has no role in any house here: says so, and what to do. */
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { session } from '../api/queries.ts'
import { useT } from '../i18n/i18n.tsx'
import { Mark } from '../ui/bits.tsx'
import { Button } from '../ui/button.tsx'
import { SignOut } from './person-menu.tsx'
import { useSession } from './session.ts'

export function NoRole() {
  const t = useT()
  const queries = useQueryClient()
  const { person } = useSession()
  useEffect(() => {
    document.title = `${t('noRole.title')} · Tamga`
  }, [t])
  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <Mark />
        <h1>{t('noRole.title')}</h1>
        <p>{t('noRole.text', { name: person.name ?? person.subject, subject: person.subject })}</p>
        <Button onPress={() => void queries.invalidateQueries(session)}>{t('noRole.look')}</Button>
        <SignOut />
      </div>
    </main>
  )
}
