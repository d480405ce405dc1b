/** Who is signed in, in which house, language, theme; and the way out. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { Button as AriaButton, Dialog, DialogTrigger, Popover } from 'react-aria-components'
import { answer, api } from '../api/client.ts'
import { LOCALE_NAMES, LOCALES, useLanguage } from '../i18n/i18n.tsx'
import { Button, ButtonLink } from '../ui/button.tsx'
import { Select } from '../ui/field.tsx'
import { Icon } from '../ui/icon.tsx'
import { useSession } from './session.ts'
import { setShortcuts, useShortcutsOn } from './shortcuts.ts'
import { setTheme, storedTheme, THEMES } from './theme.ts'

export function PersonMenu() {
  const { t } = useLanguage()
  const { person } = useSession()
  const name = person.name ?? person.subject
  return (
    <DialogTrigger>
      <AriaButton className="person-button" aria-label={t('person.menu', { name })}>
        <span className="avatar" data-initials={initials(name)} />
        <span className="clip person-name">{name}</span>
        <Icon name="down" size={13} />
      </AriaButton>
      <Popover className="popover" placement="bottom end">
        <Dialog className="person-menu" aria-label={t('person.title')}>
          {({ close }) => <PersonPanel onLeave={close} />}
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}

function initials(name: string): string {
  return name
    .split(/[\s@._-]+/)
    .slice(0, 2)
    .map((word) => word.slice(0, 1).toLocaleUpperCase())
    .join('')
}

function PersonPanel({ onLeave }: { onLeave: () => void }) {
  const { t, word, locale, setLocale } = useLanguage()
  const { person, roles } = useSession()
  const areShortcutsOn = useShortcutsOn()
  const [theme, choose] = useState(storedTheme)
  return (
    <>
      <div className="who">
        <strong>{person.name ?? person.subject}</strong>
        <span className="quiet small">{roles.map((role) => word('role', role)).join(', ')}</span>
      </div>
      <HouseChoice />
      <Select
        label={t('person.language')}
        value={locale}
        choices={LOCALES.map((value) => ({ value, label: LOCALE_NAMES[value] }))}
        onChange={setLocale}
      />
      <Select
        label={t('person.theme')}
        value={theme}
        choices={THEMES.map((value) => ({ value, label: t(`theme.${value}`) }))}
        onChange={(value) => {
          choose(value)
          setTheme(value)
        }}
      />
      <label className="check">
        <input
          type="checkbox"
          checked={areShortcutsOn}
          onChange={(event) => setShortcuts(event.target.checked)}
        />
        {t('person.shortcuts')}
      </label>
      <footer>
        <ButtonLink to="/account" look="quiet" icon="key" onClick={onLeave}>
          {t('person.sessions')}
        </ButtonLink>
        <SignOut />
      </footer>
    </>
  )
}

/** Where a person works for several local VASPs. */
function HouseChoice() {
  const { t } = useLanguage()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const { vasps, vaspId } = useSession()
  const select = useMutation({
    mutationFn: (chosen: string) => answer(api.PATCH('/api/session', { body: { vaspId: chosen } })),
    onSuccess: async () => {
      await queries.resetQueries()
      await navigate({ to: '/' })
    },
  })
  if (vasps.length < 2 || vaspId === null) return null
  const choices = vasps.map(({ id, legalName }) => ({ value: id, label: legalName }))
  return (
    <Select label={t('person.house')} value={vaspId} choices={choices} onChange={(id) => select.mutate(id)} />
  )
}

/** At the identity provider, too, where it offers that: else the next person at this computer would be let in without a question. */
export function SignOut() {
  const { t } = useLanguage()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const signOut = useMutation({
    mutationFn: () => answer(api.DELETE('/api/session')),
    onSuccess: async ({ providerUrl }) => {
      if (providerUrl !== null) return location.assign(providerUrl)
      await navigate({ to: '/sign-in', search: { next: undefined, error: undefined } })
      // But for what the page that is shown now waits for.
      queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'sign-in' })
    },
  })
  return (
    <Button icon="out" onPress={() => signOut.mutate()} isDisabled={signOut.isPending}>
      {t('person.signOut')}
    </Button>
  )
}
