/** Who is signed in. Pages below the shell can rely on it. */
import { useSuspenseQuery } from '@tanstack/react-query'
import type { Schemas } from '../api/client.ts'
import { session } from '../api/queries.ts'

export function useSession(): Schemas['Session'] {
  const found = useSuspenseQuery(session).data
  if (found === null) throw new Error('the house is closed before its pages look')
  return found
}

/** Whether somebody is signed in still, as the gateway said last. */
export function useIsSignedIn(): boolean {
  return useSuspenseQuery(session).data !== null
}

export function useMay(permission: Schemas['Permission']): boolean {
  return useSession().may.includes(permission)
}

/** Where to go on when the session ended here and the person has signed in again. */
export function afterEnd() {
  return { next: location.pathname + location.search, error: 'SESSION_ENDED' }
}
