/** What the house looks like to its MLRO. docs/console.md defines each figure; `list` opens what it counts. */
import { z } from 'zod'
import { Time } from './common.ts'

export const Period = z.object({
  /** Both are days of the calendar in UTC; `to` is not included. Default: the last 30 days. */
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
})

/** `value` is null where there is nothing to divide by. */
const Figure = z
  .object({
    id: z.string(),
    unit: z.enum(['count', 'ratio', 'ms']),
    value: z.number().nullable(),
    /** The numbers it is made of, where it is a ratio. */
    of: z.object({ part: z.int(), whole: z.int() }).nullable(),
    /** A path of the console that lists what was counted; null where no list can. */
    list: z.string().nullable(),
  })
  .meta({ id: 'Figure' })

const Day = z
  .object({
    day: z.iso.date(),
    outbound: z.int(),
    inbound: z.int(),
    holdsOpened: z.int(),
    holdsEnded: z.int(),
    decisionP50Ms: z.number().nullable(),
  })
  .meta({ id: 'DashboardDay' })

export const Dashboard = z
  .object({
    from: z.iso.date(),
    to: z.iso.date(),
    asOf: Time,
    figures: z.array(Figure),
    days: z.array(Day),
    holdsByReason: z.array(
      z
        .object({
          reason: z.string(),
          opened: z.int(),
          open: z.int(),
          released: z.int(),
          rejected: z.int(),
          overdue: z.int(),
        })
        .meta({ id: 'HoldsOfReason' }),
    ),
    counterparties: z.array(
      z
        .object({ id: z.string(), transfers: z.int(), answerP50Ms: z.number().nullable() })
        .meta({ id: 'BusyCounterparty' }),
    ),
  })
  .meta({ id: 'Dashboard' })

export const ReportParams = z.object({
  month: z.string().regex(/^20\d\d-(0[1-9]|1[0-2])$/, 'must be a month, as in 2026-11'),
  format: z.enum(['csv', 'pdf']),
})
