/** Birth dates as evidence: they can part two people of one name, and support a name that is nearly right. */
export type BirthDates = 'agree' | 'conflict' | 'uncertain' | 'silent'

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/u

export function compareBirthDates(a: string | undefined, b: string | undefined): BirthDates {
  const left = DATE.exec(a ?? '')
  const right = DATE.exec(b ?? '')
  if (left === null || right === null) return 'silent'
  const [whole, year, month = '', day = ''] = left
  const [otherWhole, otherYear, otherMonth = '', otherDay = ''] = right
  if (whole === otherWhole) return 'agree'
  if (year !== otherYear) return 'conflict'
  const exchanged = month === otherDay && day === otherMonth
  // The first of January stands for "only the year is known" in many registers.
  const yearOnly = `${month}${day}` === '0101' || `${otherMonth}${otherDay}` === '0101'
  return exchanged || yearOnly ? 'uncertain' : 'conflict'
}
