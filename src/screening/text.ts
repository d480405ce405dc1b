/** What a provider may write into a finding: ids, on one line, and never more than fits beside others. */
import { z } from 'zod'

export const entryId = z.string().regex(/^[\w.:@/+-]{1,100}$/)
export const listDate = z.iso.date()
export const version = z.string().regex(/^[\w.:+-]{1,64}$/)
