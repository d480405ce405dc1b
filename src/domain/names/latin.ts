/** Latin letters with marks, and what writers without them put in their place. */
import { type Lattice, latticeOf, spellingTable } from './lattice.ts'
import { bare } from './text.ts'

/** Besides the plain letter, which is always permitted (ICAO Doc 9303 part 3, section 6, and national practice). */
const REPLACEMENTS = spellingTable(`
  ä=ae ö=oe ü=ue ß=ss ø=oe å=aa æ=ae|a œ=oe|o þ=th ð=dh đ=dj š=sh ş=sh ș=sh č=ch ç=ch ž=zh ñ=ny|nn ğ=gh|_ ə=a|e|ae
  ā=aa|ah ē=ee ī=ii|ee ō=ou|oo|oh ū=uu|ou ô=ou|oo|oh û=uu|ou â=aa ľ=l ij=y ĳ=ij ı=i ł=l q'=q`)

export function latinLattice(word: string): Lattice {
  const table = new Map(REPLACEMENTS)
  for (const letter of word) {
    const plain = bare(letter)
    if (plain !== letter) table.set(letter, [plain, ...(REPLACEMENTS.get(letter) ?? [])])
  }
  return latticeOf(word, table, 'unlisted')
}

/** Macron, circumflex and doubling say the same of a long vowel; a comma or a cedilla below is one letter in two encodings. */
const SAME_MARK: Readonly<Record<string, string>> = {
  '\u0302': '\u0304',
  '\u0326': '\u0327',
  '\u02bc': '\u0301',
}

/**
 * Whether both words carry marks and contradict each other: a letter marked on both sides, in two ways. A mark on one side only
 * is a mark left out, which restricted character sets do.
 */
export function marksContradict(a: string, b: string): boolean {
  const left = lettersWithMarks(a)
  const right = lettersWithMarks(b)
  if (left.length !== right.length) return false
  let leftOnly = false
  let rightOnly = false
  for (const [index, [letter, marks]] of left.entries()) {
    const [otherLetter, otherMarks] = right[index] ?? ['', '']
    if (letter !== otherLetter) return false
    if (marks !== '' && otherMarks !== '' && marks !== otherMarks) return true
    if (marks !== '' && otherMarks === '') leftOnly = true
    if (marks === '' && otherMarks !== '') rightOnly = true
  }
  return leftOnly && rightOnly
}

function lettersWithMarks(word: string): [string, string][] {
  return Array.from(word, (letter) => {
    const [plain = '', ...marks] = Array.from(letter.normalize('NFD'))
    const known = bare(plain)
    return [known, known === plain ? marks.map((mark) => SAME_MARK[mark] ?? mark).join('') : plain]
  })
}

/** Tones and the letters that only Vietnamese writes: then every mark counts, for it makes another name. */
export function isVietnameseSpelling(text: string): boolean {
  return /[đơư]|[\u0309\u0323]|[\u0302\u0306\u031b][\u0300\u0301\u0303\u0309\u0323]|[\u0300\u0301\u0303\u0309\u0323][\u0302\u0306\u031b]/u.test(
    `${text.toLowerCase()}${text.toLowerCase().normalize('NFD')}`,
  )
}
