/**
 * Working-day calendars as data: the weekend, and the public holidays that were known for certain when this was written. A movable
 * feast fixed by sighting (Kurban Ait, Eid) or a day off moved by decree is left out until it is announced; see `working-days.ts` for
 * why that is safe.
 */
export interface Calendar {
  readonly id: string
  readonly name: string
  /** 0 Sunday … 6 Saturday. */
  readonly weekend: readonly number[]
  readonly holidays: readonly string[]
  /** Last day for which holidays are listed; undefined: none are. */
  readonly knownUntil: string | undefined
}

const SATURDAY_SUNDAY = [6, 0] as const

const WEEKDAYS: Calendar = {
  id: 'weekdays',
  name: 'Monday to Friday, no holidays known',
  weekend: SATURDAY_SUNDAY,
  holidays: [],
  knownUntil: undefined,
}

export const CALENDARS: Readonly<Record<string, Calendar>> = {
  weekdays: WEEKDAYS,
  // Closing days of T2, the Eurosystem's payment system: those that all member states share.
  EU: {
    id: 'EU',
    name: 'European Union, T2 closing days',
    weekend: SATURDAY_SUNDAY,
    holidays: [
      '2026-01-01',
      '2026-04-03',
      '2026-04-06',
      '2026-05-01',
      '2026-12-25',
      '2026-12-26',
      '2027-01-01',
      '2027-03-26',
      '2027-03-29',
      '2027-05-01',
      '2027-12-25',
      '2027-12-26',
    ],
    knownUntil: '2027-12-31',
  },
  // Banking and Financial Dealings Act 1971, schedule 1, with the usual substitute days.
  GB: {
    id: 'GB',
    name: 'England and Wales, bank holidays',
    weekend: SATURDAY_SUNDAY,
    holidays: [
      '2026-01-01',
      '2026-04-03',
      '2026-04-06',
      '2026-05-04',
      '2026-05-25',
      '2026-08-31',
      '2026-12-25',
      '2026-12-28',
      '2027-01-01',
      '2027-03-26',
      '2027-03-29',
      '2027-05-03',
      '2027-05-31',
      '2027-08-30',
      '2027-12-27',
      '2027-12-28',
    ],
    knownUntil: '2027-12-31',
  },
  // Law of 13 December 2001 on holidays, the fixed days only; Constitution Day is left
  // out until its date is confirmed.
  KZ: {
    id: 'KZ',
    name: 'Kazakhstan, fixed holidays',
    weekend: SATURDAY_SUNDAY,
    holidays: ['2026', '2027'].flatMap((year) =>
      [
        '01-01',
        '01-02',
        '01-07',
        '03-08',
        '03-21',
        '03-22',
        '03-23',
        '05-01',
        '05-07',
        '05-09',
        '07-06',
        '10-25',
        '12-16',
      ].map((day) => `${year}-${day}`),
    ),
    knownUntil: '2027-12-31',
  },
}

/** The calendar of that id; plain weekdays when there is none. */
export function calendarOf(id: string): Calendar {
  return CALENDARS[id] ?? WEEKDAYS
}
