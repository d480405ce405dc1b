/** The frame of every page behind the sign-in: navigation, search, connection, the person. */
import { useQueryClient } from '@tanstack/react-query'
import { Outlet, useLocation, useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { onSignedOut } from '../api/client.ts'
import { type Connection, followLive } from '../api/live.ts'
import { useT } from '../i18n/i18n.tsx'
import { IconButton } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Toasts } from '../ui/toast.tsx'
import { Help } from './help.tsx'
import { Idle } from './idle.tsx'
import { Navigation } from './navigation.tsx'
import { PaletteDialog } from './palette-dialog.tsx'
import { PersonMenu } from './person-menu.tsx'
import { afterEnd, useSession } from './session.ts'
import { useShortcuts } from './shortcuts.ts'

export function Shell() {
  const t = useT()
  const connection = useLiveConnection()
  const [isHelpOpen, setHelpOpen] = useState(false)
  const [isMenuOpen, setMenuOpen] = useState(false)
  const { pathname, search } = useLocation()
  useEffect(() => setMenuOpen(false), [pathname, search])
  useShortcuts({ '?': () => setHelpOpen(true), '/': focusSearch })
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {t('shell.skip')}
      </a>
      <header className="topbar">
        <div className="menu-button">
          <IconButton
            label={t('shell.menu')}
            icon="menu"
            aria-expanded={isMenuOpen}
            onPress={() => setMenuOpen(!isMenuOpen)}
          />
        </div>
        <Brand />
        <HouseName />
        <GlobalSearch />
        <IconButton label={t('help.title')} icon="keyboard" onPress={() => setHelpOpen(true)} />
        <PersonMenu />
      </header>
      <Navigation isOpen={isMenuOpen} />
      <main id="content" className="content" tabIndex={-1}>
        {connection === 'lost' && (
          <p className="connection" role="status">
            <Icon name="wifiOff" /> {t('shell.connectionLost')}
          </p>
        )}
        <Outlet />
      </main>
      <Help isOpen={isHelpOpen} onClose={() => setHelpOpen(false)} />
      <PaletteDialog />
      <Idle />
      <Toasts />
    </div>
  )
}

function Brand() {
  return (
    <span className="brand">
      <svg width="22" height="22" viewBox="0 0 32 32" aria-hidden="true">
        <g fill="none" stroke="currentColor" strokeWidth="3" strokeLinecap="round">
          <path d="M7 10.5a9 9 0 0 1 18 0" />
          <path d="M16 10.5V27" />
          <path d="M9.5 20a6.5 6.5 0 0 0 13 0" />
        </g>
      </svg>
      <span className="brand-name">Tamga</span>
    </span>
  )
}

function HouseName() {
  const t = useT()
  const { vasps, vaspId, sandbox } = useSession()
  const house = vasps.find(({ id }) => id === vaspId)
  return (
    <span className="house">
      <span className="clip">{house?.legalName ?? t('shell.noHouse')}</span>
      {sandbox && <span className="sandbox">{t('shell.sandbox')}</span>}
    </span>
  )
}

function focusSearch(): void {
  document.querySelector<HTMLInputElement>('input[data-search]')?.focus()
}

/** By reference, transaction id, address, id, counterparty or a party's name: the gateway knows which. */
function GlobalSearch() {
  const t = useT()
  const navigate = useNavigate()
  const [text, setText] = useState('')
  return (
    <search className="global-search">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (text.trim() !== '') void navigate({ to: '/transfers', search: { q: text.trim() } })
        }}
      >
        <Icon name="search" />
        <input
          data-search
          type="search"
          value={text}
          onChange={(event) => setText(event.target.value)}
          aria-label={t('shell.search')}
          placeholder={t('shell.searchHint')}
          maxLength={200}
          spellCheck={false}
        />
        <kbd aria-hidden="true">/</kbd>
      </form>
    </search>
  )
}

/** Also goes to the sign-in page when the session has ended. */
function useLiveConnection(): Connection {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const { vaspId } = useSession()
  const [connection, setConnection] = useState<Connection>('connected')
  const leaving = useRef(false)
  useEffect(() => {
    leaving.current = false
    onSignedOut(() => {
      if (leaving.current) return
      leaving.current = true
      queries.clear()
      void navigate({ to: '/sign-in', search: afterEnd() })
    })
  }, [queries, navigate])
  useEffect(() => {
    const ending = new AbortController()
    if (vaspId !== null) followLive(queries, setConnection, ending.signal)
    return () => ending.abort()
  }, [queries, vaspId])
  return connection
}
