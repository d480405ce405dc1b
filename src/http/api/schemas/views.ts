/** Views that a person has saved: a list with its filters, under a name. */
import { z } from 'zod'
import { Uuid } from './common.ts'

export const SavedView = z
  .object({
    id: Uuid,
    name: z.string(),
    page: z.enum(['holds', 'transfers', 'counterparties', 'audit']),
    query: z.string(),
  })
  .meta({ id: 'SavedView' })

export const SaveView = z
  .strictObject({
    name: z.string().trim().min(1).max(80),
    page: SavedView.shape.page,
    /** The query string of the page, without `?`. */
    query: z.string().regex(/^[\x21-\x7e]{0,2000}$/),
  })
  .meta({ id: 'SaveView' })

export const SavedViews = z.object({ items: z.array(SavedView) }).meta({ id: 'SavedViews' })
