/** Warns before the session ends, and lets the person stay or sign in anew where that can be (WCAG 2.2.1). */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { lastContact } from '../api/client.ts'
import { session as sessionQuery, signInOptions } from '../api/queries.ts'
import { useFormat } from '../i18n/format.ts'
import { useT } from '../i18n/i18n.tsx'
import { Button, ButtonAnchor } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { useNow } from '../ui/now.ts'
import { useSession } from './session.ts'

const WARN_MS = 120_000

export function Idle() {
  const { idle, final } = useTimeLeft()
  return final <= idle ? <Ending left={final} /> : <Dozing left={idle} />
}

/** The person only has to show that they are there. */
function Dozing({ left }: { left: number }) {
  const t = useT()
  const format = useFormat()
  const queries = useQueryClient()
  const stay = () => void queries.invalidateQueries({ queryKey: sessionQuery.queryKey })
  return (
    <Dialog title={t('idle.title')} isOpen={left < WARN_MS && left > 0} onClose={stay}>
      <p>{t('idle.text', { span: format.span(left) })}</p>
      <footer className="dialog-actions">
        <Button look="primary" onPress={stay}>
          {t('idle.stay')}
        </Button>
      </footer>
    </Dialog>
  )
}

/** Nothing that they do here moves this limit. The identity provider knows them still, and sends them back to this page. */
function Ending({ left }: { left: number }) {
  const t = useT()
  const format = useFormat()
  const { method } = useSession()
  const [isKnown, setKnown] = useState(false)
  const provider = useQuery(signInOptions).data?.oidc
  const here = new URLSearchParams({ next: location.pathname + location.search })
  return (
    <Dialog
      title={t('idle.title')}
      isOpen={left < WARN_MS && left > 0 && !isKnown}
      onClose={() => setKnown(true)}
    >
      <p>{t('idle.final', { span: format.span(left) })}</p>
      <footer className="dialog-actions">
        <Button onPress={() => setKnown(true)}>{t('idle.known')}</Button>
        {method === 'oidc' && provider && (
          <ButtonAnchor look="primary" href={`${provider.path}?${here}`}>
            {t('idle.again')}
          </ButtonAnchor>
        )}
      </footer>
    </Dialog>
  )
}

/** Milliseconds. Each answer of the gateway moved the idle limit on; the absolute one stays. */
function useTimeLeft(): { readonly idle: number; readonly final: number } {
  const { now, idleExpiresAt, absoluteExpiresAt } = useSession()
  const idle = Date.parse(idleExpiresAt) - Date.parse(now)
  const time = useNow()
  return { idle: lastContact() + idle - time, final: Date.parse(absoluteExpiresAt) - time }
}
