/** Revealed text with what the eye would miss: hidden characters as marks, letters that differ from the other side's underlined. */
import { useMemo } from 'react'
import { useT } from '../../i18n/i18n.tsx'

/** Controls, formats, separators that are not a plain space, unassigned: nothing a name needs. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cn}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u

function pointOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}

export function HiddenMark({ point, label }: { point: string; label: string }) {
  return (
    <span className="hidden-mark" title={label}>
      {point}
    </span>
  )
}

function Letter({ letter, differs }: { letter: string; differs: boolean }) {
  const t = useT()
  const point = pointOf(letter)
  if (HIDDEN.test(letter)) return <HiddenMark point={point} label={t('comparison.hidden', { point })} />
  return differs ? <mark title={point}>{letter}</mark> : letter
}

export function Shown({ text }: { text: string }) {
  return (
    <bdi>
      {[...text].map((letter, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: letters have no other name than their place
        <Letter key={at} letter={letter} differs={false} />
      ))}
    </bdi>
  )
}

export function Difference({ text, other }: { text: string; other: string }) {
  const kept = useMemo(() => lettersKept(text, other), [text, other])
  return (
    <bdi>
      {[...text].map((letter, at) => (
        <Letter key={at} letter={letter} differs={!kept.has(at)} />
      ))}
    </bdi>
  )
}

/** Beyond this a table of both lengths grows too large to be worth it. */
const LETTERS_MAX = 300

/** Places of the letters that belong to the longest common subsequence with the other text. */
function lettersKept(text: string, other: string): ReadonlySet<number> {
  const [left, right] = [[...text.normalize('NFC')], [...other.normalize('NFC')]]
  if (left.length > LETTERS_MAX || right.length > LETTERS_MAX) return new Set(left.keys())
  const lengths = commonLengths(left, right)
  const kept = new Set<number>()
  let [row, column] = [0, 0]
  while (row < left.length && column < right.length) {
    if (left[row] === right[column]) {
      kept.add(row)
      row += 1
      column += 1
    } else if ((lengths[row + 1]?.[column] ?? 0) >= (lengths[row]?.[column + 1] ?? 0)) row += 1
    else column += 1
  }
  return kept
}

/** `[i][j]`: of `left` from i on and `right` from j on. */
function commonLengths(left: readonly string[], right: readonly string[]): number[][] {
  const lengths = Array.from({ length: left.length + 1 }, () =>
    Array.from({ length: right.length + 1 }, () => 0),
  )
  for (let row = left.length - 1; row >= 0; row--)
    for (let column = right.length - 1; column >= 0; column--) {
      const [here, below] = [lengths[row], lengths[row + 1]]
      if (here === undefined || below === undefined) continue
      here[column] =
        left[row] === right[column]
          ? 1 + (below[column + 1] ?? 0)
          : Math.max(below[column] ?? 0, here[column + 1] ?? 0)
    }
  return lengths
}
