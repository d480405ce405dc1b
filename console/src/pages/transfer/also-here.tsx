/** Who else has this transfer open now, so that two do not work on it unawares. */
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { api } from '../../api/client.ts'
import { presence } from '../../api/queries.ts'
import { useT } from '../../i18n/i18n.tsx'
import { Icon } from '../../ui/icon.tsx'

export function AlsoHere({ transferId }: { transferId: string }) {
  const t = useT()
  const others = useQuery(presence(transferId)).data?.others ?? []
  useLeaving(transferId)
  const names = others.map(({ name, subject }) => name ?? subject)
  return (
    <div role="status" className="also-here">
      {names.length > 0 && (
        <p>
          <Icon name="eye" /> {t('presence.others', { count: names.length, names: names.join(', ') })}
        </p>
      )}
    </div>
  )
}

/** Whoever closes the page is gone at once; of who vanishes it is forgotten after some seconds. */
function useLeaving(id: string): void {
  useEffect(() => {
    const leave = () =>
      void api
        .DELETE('/api/transfers/{id}/presence', { params: { path: { id } }, keepalive: true })
        .catch(() => undefined)
    addEventListener('pagehide', leave)
    return () => {
      removeEventListener('pagehide', leave)
      leave()
    }
  }, [id])
}
