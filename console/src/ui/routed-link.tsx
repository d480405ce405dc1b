/** A link to an address of this console that the gateway names, as the list behind a figure. */
import { useRouter } from '@tanstack/react-router'
import type { MouseEvent, ReactNode } from 'react'

export function RoutedLink({ path, children }: { path: string; children: ReactNode }) {
  const router = useRouter()
  if (!path.startsWith('/') || path.startsWith('//')) return children
  const follow = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return
    event.preventDefault()
    router.history.push(path)
  }
  return (
    <a href={path} onClick={follow}>
      {children}
    </a>
  )
}
