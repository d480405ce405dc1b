/** Who is signed in. Pages below the shell can rely on it. */
import { useSuspenseQuery } from '@tanstack/react-query'
import type { Schemas } from '../api/client.ts'
import { session } from '../api/queries.ts'

export function useSession(): Schemas['Session'] {
  return useSuspenseQuery(session).data
}

export function useMay(permission: Schemas['Permission']): boolean {
  return useSession().may.includes(permission)
}
