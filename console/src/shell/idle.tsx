/** Warns before the session ends for want of work, and lets the person stay (WCAG 2.2.1). */
import { useQueryClient } from '@tanstack/react-query'
import { lastContact } from '../api/client.ts'
import { session as sessionQuery } from '../api/queries.ts'
import { useFormat } from '../i18n/format.ts'
import { useT } from '../i18n/i18n.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { useNow } from '../ui/now.ts'
import { useSession } from './session.ts'

const WARN_MS = 120_000

export function Idle() {
  const t = useT()
  const format = useFormat()
  const queries = useQueryClient()
  const left = useTimeLeft()
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

/** Each answer of the gateway moved the idle limit on; the absolute one stays. */
function useTimeLeft(): number {
  const { now, idleExpiresAt, absoluteExpiresAt } = useSession()
  const idle = Date.parse(idleExpiresAt) - Date.parse(now)
  const time = useNow()
  return Math.min(lastContact() + idle - time, Date.parse(absoluteExpiresAt) - time)
}
