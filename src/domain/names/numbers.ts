/** Numbers in company names: digits, Roman numerals, and words, cardinal and ordinal. */
// biome-ignore format: a table
const SPELT: Readonly<Record<string, number>> = {
  one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10,
  first: 1, second: 2, third: 3, fourth: 4, fifth: 5, sixth: 6, seventh: 7, eighth: 8, ninth: 9, tenth: 10,
  '1st': 1, '2nd': 2, '3rd': 3, один: 1, два: 2, три: 3, четыре: 4, пять: 5, первый: 1, первая: 1, второй: 2, вторая: 2, третий: 3, третья: 3,
  бірінші: 1, екінші: 2, үшінші: 3, erste: 1, zweite: 2, dritte: 3, eins: 1, zwei: 2, drei: 3, premier: 1, deuxieme: 2, troisieme: 3,
  第一: 1, 第二: 2, 第三: 3,
}

/** Two letters at least: a single I, V, X, C, D, L or M is a letter as often as a number, and is compared as written. */
const ROMAN = /^(?=.{2})x{0,3}(?:ix|iv|v?i{0,3})$/u
const ROMAN_VALUE: Readonly<Record<string, number>> = { i: 1, v: 5, x: 10 }

/** The number that a folded word says, in one notation; undefined when it says none. */
export function numberOf(word: string): string | undefined {
  const spelt = SPELT[word]
  if (spelt !== undefined) return String(spelt)
  const digits = /^(\d+)(?:th)?$/u.exec(word)?.[1]
  if (digits !== undefined) return digits.replace(/^0+(?=\d)/u, '')
  if (!ROMAN.test(word)) return undefined
  let value = 0
  let last = 0
  for (const letter of Array.from(word).toReversed()) {
    const one = ROMAN_VALUE[letter] ?? 0
    value += one < last ? -one : one
    last = Math.max(last, one)
  }
  return String(value)
}

export function hasNumber(text: string): boolean {
  return /\p{N}/u.test(text) || numberOf(text) !== undefined
}
