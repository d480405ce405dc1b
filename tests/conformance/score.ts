/** One line of the table: a set of inputs from outside, and how many came out as the set says, or as we say instead, with the reason. */
export interface Score {
  readonly set: string
  readonly source: string
  readonly inputs: number
  readonly asExpected: number
  /** Where we deliberately do otherwise: what, and why. */
  readonly refused: readonly { readonly count: number; readonly why: string }[]
  /** Neither: each is a fault of ours. */
  readonly wrong: readonly string[]
  /** Why it was not run. */
  readonly skipped?: string
}

export function skipped(set: string, source: string, why: string): Score {
  return { set, source, inputs: 0, asExpected: 0, refused: [], wrong: [], skipped: why }
}

/** `expected`, a reason for doing otherwise (by `~why`), or what went wrong. */
export type Outcome = 'expected' | `~${string}` | `!${string}`

export async function scoreOf<T>(
  set: string,
  source: string,
  inputs: readonly T[],
  judge: (input: T) => Outcome | Promise<Outcome>,
): Promise<Score> {
  let asExpected = 0
  const reasons = new Map<string, number>()
  const wrong: string[] = []
  for (const input of inputs) {
    const outcome = await Promise.resolve()
      .then(() => judge(input))
      .catch((error: unknown): Outcome => `!${String(error)}`)
    if (outcome === 'expected') asExpected++
    else if (outcome.startsWith('~')) reasons.set(outcome.slice(1), (reasons.get(outcome.slice(1)) ?? 0) + 1)
    else wrong.push(outcome.slice(1))
  }
  const refused = [...reasons].map(([why, count]) => ({ count, why }))
  return { set, source, inputs: inputs.length, asExpected, refused, wrong }
}

export function table(scores: readonly Score[]): readonly string[] {
  const rows = scores.map(({ set, source, inputs, asExpected, refused, wrong, skipped: why }) => {
    if (why !== undefined) return `| ${set} | ${source} | not run | | ${why} |`
    const notes = refused.map((one) => `${one.count}: ${one.why}`).join('; ')
    return `| ${set} | ${source} | ${asExpected} of ${inputs} | ${wrong.length} | ${notes} |`
  })
  return [
    '| Set | Source | As the set says | Wrong | Deliberately otherwise |',
    '|---|---|---|---|---|',
    ...rows,
  ]
}
