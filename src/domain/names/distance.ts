/** Optimal string alignment: letters added, left out, exchanged, or two neighbours swapped. Infinity when above `editsMax`. */
export function editsBetween(a: string, b: string, editsMax: number): number {
  const left = Array.from(a)
  const right = Array.from(b)
  if (Math.abs(left.length - right.length) > editsMax) return Number.POSITIVE_INFINITY
  let beforeLast: number[] = []
  let last = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let i = 1; i <= left.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= right.length; j += 1) {
      const same = left[i - 1] === right[j - 1]
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1))
      const swapped = i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1]
      if (swapped) cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1)
      row.push(cost)
    }
    beforeLast = last
    last = row
  }
  const edits = last[right.length] ?? 0
  return edits <= editsMax ? edits : Number.POSITIVE_INFINITY
}

/** How many edits a slip of the pen explains: none in a word of three letters, where one letter makes another name. */
export function slipMax(a: string, b: string): number {
  const length = Math.min(Array.from(a).length, Array.from(b).length)
  if (length < 4) return 0
  return length < 9 ? 1 : 2
}
