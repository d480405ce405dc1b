/**
 * Scripts that are compared by their Latin spellings. Each table lists, unit by unit, the official system and the spellings that
 * people of that country carry in their passports.
 */
import { firstSpelling, type Lattice, latticeOf, type SpellingTable, spellingTable } from './lattice.ts'
import type { Script } from './scripts.ts'
import { bare } from './text.ts'

/** ELOT 743 (ISO 843), with the older spellings. */
const GREEK = spellingTable(`
  α=a β=v|b γ=g|gh|y δ=d|dh ε=e ζ=z η=i|e|h θ=th ι=i|y κ=k|c λ=l μ=m ν=n ξ=x|ks ο=o π=p ρ=r|rh σ=s|ss τ=t υ=y|i|u φ=f|ph
  χ=ch|h|kh|x ψ=ps ω=o ου=ou|u αυ=av|af|au ευ=ev|ef|eu ηυ=iv|if γγ=ng|gg γκ=gk|g|ng γξ=nx γχ=nch|nkh μπ=b|mp|mb ντ=d|nt|nd
  αι=ai|e ει=ei|i|y οι=oi|i υι=yi|i σσ=ss|s λλ=ll|l νν=nn|n ρρ=rr|r κκ=kk|k ττ=tt|t ππ=pp|p ββ=vv|v μμ=mm|m`)

/** BGN/PCGN 1981 and ISO 9985, as Armenian passports write it. */
const ARMENIAN = spellingTable(`
  ա=a բ=b գ=g դ=d ե=e|ye զ=z է=e ը=y|e|_ թ=t|th ժ=zh|j ի=i լ=l խ=kh|x ծ=ts|tz կ=k հ=h ձ=dz ղ=gh|g ճ=ch|j|tch մ=m յ=y|h|i ն=n
  շ=sh ո=o|vo չ=ch պ=p ջ=j|dj ռ=r|rr ս=s վ=v|w տ=t ր=r ց=ts|c|tz ւ=v|u ու=u|ou փ=p|ph ք=k|q|kh օ=o ֆ=f և=ev|yev եւ=ev|yev`)

/** The Georgian national system of 2002, with the older ISO 9984 letters. */
const GEORGIAN = spellingTable(`
  ა=a ბ=b გ=g დ=d ე=e ვ=v|w ზ=z თ=t|th ი=i კ=k ლ=l მ=m ნ=n ო=o პ=p ჟ=zh|j რ=r ს=s ტ=t უ=u ფ=p|ph|f ქ=k|q ღ=gh|g ყ=q|k შ=sh
  ჩ=ch ც=ts|c|tz ძ=dz წ=ts|tz ჭ=ch ხ=kh|x ჯ=j|dj|dzh ჰ=h`)

/** Short vowels are not written: after a consonant there may be one, and the consonant may be doubled. */
function abjad(consonants: string, others: string): SpellingTable {
  const table = new Map(spellingTable(others))
  for (const [unit, spellings] of spellingTable(consonants)) {
    const once = spellings.flatMap((s) => (s.length === 1 ? [s, s + s] : [s]))
    const voiced = once.flatMap((s) => [s, ...Array.from('aeiou', (vowel) => s + vowel)])
    table.set(unit, [...voiced, ...(table.get(unit) ?? [])])
  }
  return table
}

/** The usual spellings of Arabic, Persian and Urdu names; ا و ي are long and must show. Letters as `arabicLetters` leaves them. */
const ARABIC = abjad(
  `ب=b پ=p ت=t ث=th|s ج=j|g|dj چ=ch ح=h خ=kh د=d ذ=dh|z|d ر=r ز=z ژ=zh س=s ش=sh|ch ص=s ض=d|dh|z ط=t ظ=z|dh غ=gh|g ف=f ق=q|k|g
   ك=k|c گ=g ل=l م=m ن=n ه=h و=w|v ي=y`,
  `ا=a|aa|e|i|o|u|ae و=u|oo|ou|o|aw|au ي=i|ee|ie|ei|ai|ey|ay|iy|ii|e ه=a|ah|eh|e|at ء=_|a|e|i|u ع=_|a|e|i|o|u|aa|ou
   ال=al|el|ul|l|as|ar|ad|an|at|az|ash|ath`,
)

/** The usual spellings of Hebrew names. */
const HEBREW = abjad(
  `ב=b|v ג=g ד=d ה=h ו=v|w ז=z ח=ch|h|kh ט=t י=y|j כ=k|ch|kh|c ך=k|ch|kh ל=l מ=m ם=m נ=n ן=n ס=s פ=p|f|ph ף=f|ph|p צ=tz|ts|z
   ץ=tz|ts|z ק=k|c|q ר=r ש=sh|s ת=t|th`,
  'א=_|a|e|i|o|u ה=a|ah|e|eh|o|oh ו=o|u|oo|ou י=i|ee|ie|ei|ai|e ע=_|a|e|i|o|u|aa',
)

/** RTGS and the freer spellings of Thai passports. Letters as `thaiLetters` leaves them; an unwritten vowel is a or o. */
const THAI = (() => {
  const table = new Map(
    spellingTable(`
    ะ=a ั=a|u า=a|ar ำ=am|um ํา=am|um ํ=m|am ิ=i ี=i|ee|e ึ=ue|u|eu ื=ue|u|eu ุ=u|oo ู=u|oo เ=e|ay แ=ae|a โ=o ไ=ai|i|y ใ=ai|i|y ็=_ ่=_ ้=_ ๊=_ ๋=_
    เีย=ia|ea เือ=uea|ua|eua เอ=oe|er เา=ao|aw|au ัว=ua เย=oei|oey รร=an|a|ar|un ทร=s|thr|tr ศร=s|sr สร=s|sr อ=_|o|or|a`),
  )
  const consonants = spellingTable(`
    ก=k|g ข=kh|k ค=kh|k ฆ=kh|k ง=ng จ=ch|j|t ฉ=ch ช=ch|t ฌ=ch ซ=s|t ญ=y|n ด=d|t ฎ=d|t ต=t ฏ=t ถ=th|t ฐ=th|t ท=th|t|d ธ=th|t|d ฑ=th|t|d
    ฒ=th|t น=n ณ=n บ=b|p ป=p|b ผ=ph|p พ=ph|p ภ=ph|p ฝ=f ฟ=f|p ม=m ย=y|i ร=r|n|rn|l ล=l|n ฬ=l|n ว=w|v|o ศ=s|t ษ=s|t ส=s|t ห=h|_ ฮ=h`)
  for (const [unit, spellings] of consonants)
    table.set(
      unit,
      spellings.flatMap((s) => [s, `${s}a`, `${s}o`]),
    )
  return table
})()

const TABLES: Readonly<Partial<Record<Script, SpellingTable>>> = {
  Greek: GREEK,
  Armenian: ARMENIAN,
  Georgian: GEORGIAN,
  Arabic: ARABIC,
  Hebrew: HEBREW,
  Thai: THAI,
}

/** The Latin spellings of a folded word, or undefined when this file knows no system for its script. */
export function latinSpellings(word: string, script: Script): Lattice | undefined {
  const table = TABLES[script]
  if (table === undefined) return undefined
  return latticeOf(plainLetters(word, script), table, 'unlisted')
}

/** The letters that count: without vowel points, accents, lengthening, and with one form for each letter. */
export function plainLetters(word: string, script: Script): string {
  if (script === 'Greek') return bare(word)
  if (script === 'Hebrew') return word.replace(/\p{M}/gu, '')
  if (script === 'Arabic') return arabicLetters(word)
  if (script === 'Thai') return thaiLetters(word)
  return word
}

/** Everyday typing leaves out the hamza and the dots of ى and ة; Persian keyboards have their own ك and ي. */
function arabicLetters(word: string): string {
  return word
    .replace(/[\p{M}ـ]/gu, '')
    .replace(/[أإآٱ]/gu, 'ا')
    .replace(/[ىیئے]/gu, 'ي')
    .replace(/ؤ/gu, 'و')
    .replace(/[ةہۀھە]/gu, 'ه')
    .replace(/ک/gu, 'ك')
    .replace(/ٹ/gu, 'ت')
    .replace(/ڈ/gu, 'د')
    .replace(/ڑ/gu, 'ر')
    .replace(/ں/gu, 'ن')
}

/** Puts a vowel written before its consonant behind it, and drops what the silencing sign ์ strikes out. */
function thaiLetters(word: string): string {
  return word.replace(/[ก-ฮ][ิุ]?์/gu, '').replace(/([เแโไใ])([ก-ฮ])/gu, '$2$1')
}

/** The first spelling of each letter, where every letter is written (Greek, Armenian, Georgian). */
export function usualSpelling(word: string, script: Script): string | undefined {
  const table = script === 'Arabic' || script === 'Hebrew' || script === 'Thai' ? undefined : TABLES[script]
  return table === undefined ? undefined : firstSpelling(plainLetters(word, script), table)
}
