/** Pages for what should not happen. */
import { useRouter } from '@tanstack/react-router'
import { useT } from '../i18n/i18n.tsx'
import { ButtonLink } from '../ui/button.tsx'
import { Failed, StatePanel } from '../ui/state.tsx'

export function Missing() {
  const t = useT()
  return (
    <main className="alone">
      <StatePanel
        icon="search"
        title={t('state.missing.title')}
        action={<ButtonLink to="/">{t('state.home')}</ButtonLink>}
      >
        {t('state.missing.text')}
      </StatePanel>
    </main>
  )
}

export function Crashed({ error }: { error: unknown }) {
  const router = useRouter()
  return (
    <main className="alone">
      <Failed error={error} onRetry={() => void router.invalidate()} />
    </main>
  )
}
