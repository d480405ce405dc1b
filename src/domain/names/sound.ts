/** What a Latin word sounds like, roughly. Agreement of sound is a reason to look, and never one to match. */

/** Consonants by their sound, vowels only where the word begins. */
export function soundKey(word: string): string {
  const simple = word
    .replace(/ph/gu, 'f')
    .replace(/gh(?=t|$)/gu, '')
    .replace(/ck|c(?![eiyh])|q|kh/gu, 'k')
    .replace(/c(?=[eiy])|z|sch|sh/gu, 's')
    .replace(/ch|tsch/gu, 'c')
    .replace(/dt|th|d/gu, 't')
    .replace(/w/gu, 'v')
    .replace(/^y|^j/gu, 'i')
    .replace(/(?<=.)[aeiouyh]/gu, '')
  return simple.replace(/(.)\1+/gu, '$1').replace(/^[aeiou]/u, 'a')
}

/**
 * Korean and Chinese romanisations brought down to what they have in common: plain and aspirated consonants, the spellings of the vowels.
 */
export function eastAsianSound(word: string): string {
  return word
    .replace(/hs|sh|x/gu, 's')
    .replace(/tz|ts/gu, 'z')
    .replace(/zh|ch|j|q/gu, 'c')
    .replace(/ung/gu, 'ong')
    .replace(/oo|ou|eo|eu|woo/gu, 'u')
    .replace(/ee|yi/gu, 'i')
    .replace(/yu|you/gu, 'yu')
    .replace(/ien/gu, 'ian')
    .replace(/g(?!$)/gu, 'k')
    .replace(/d/gu, 't')
    .replace(/b/gu, 'p')
    .replace(/r/gu, 'l')
}

/** With its vowels: Lee and Leigh, Reed and Reid, Rees and Rhys, Stephens and Stevens. */
export function fullSound(word: string): string {
  return word
    .replace(/(?<=[aeiouy])ph(?=[aeiouy])/gu, 'v')
    .replace(/eigh|igh|ij|ee|ea|ei|ie|ey|y|i/gu, 'I')
    .replace(/oo|ou|ew|u/gu, 'U')
    .replace(/(?<=[^aeiouIU])e$/u, '')
    .replace(/ph/gu, 'f')
    .replace(/(?<=.)h/gu, '')
    .replace(/ck|c(?![eI])/gu, 'k')
    .replace(/(.)\1+/gu, '$1')
}

/** Groups of vowels, without the silent e at the end. */
export function syllables(word: string): number {
  return word.replace(/(?<=[^aeiouy])e$/u, '').match(/[aeiouy]+/gu)?.length ?? 0
}
