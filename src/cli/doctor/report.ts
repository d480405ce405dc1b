/** What the doctor found, and what it could not look at. */

export interface Finding {
  /** Stable code of docs/cli.md. */
  readonly code: string
  /** Which VASP, file, counterparty or server. */
  readonly subject: string
  /** What is wrong and what to do, without personal data. */
  readonly message: string
}

export interface Report {
  /** What was looked at, in order. */
  readonly looked: readonly string[]
  /** What could not be looked at. */
  readonly unseen: readonly string[]
  readonly findings: readonly Finding[]
}

/** 2 when something could not be looked at: then silence about it means nothing. */
export function exitOf({ unseen, findings }: Report): 0 | 1 | 2 {
  if (unseen.length > 0) return 2
  return findings.length > 0 ? 1 : 0
}

export function reportLines({ looked, unseen, findings }: Report): readonly string[] {
  return [
    ...findings.map(({ code, subject, message }) => `${code}  ${subject}: ${message}`),
    ...(unseen.length > 0 ? [`not looked at: ${unseen.join(', ')}`] : []),
    findings.length === 0 && unseen.length === 0
      ? `nothing to do; looked at ${looked.join(', ')}`
      : `${findings.length} finding(s); looked at ${looked.join(', ') || 'nothing'}`,
  ]
}

export const DAY_MILLISECONDS = 86_400_000

/** Whole days from `now`, or since. */
export function daysUntil(time: Date, now: Date): string {
  const days = Math.floor((time.getTime() - now.getTime()) / DAY_MILLISECONDS)
  return days < 0
    ? `ended on ${time.toISOString().slice(0, 10)}`
    : `ends in ${days} day(s), on ${time.toISOString().slice(0, 10)}`
}
