/**
 * Legal Entity Identifier, ISO 17442-1: 18 characters that name the entity and two check digits such that the whole,
 * with A = 10 … Z = 35, is 1 modulo 97 (ISO/IEC 7064, MOD 97-10). IVMS 101 asks for the form only (LEIText, C11): the LEI
 * printed in Example 1 of both editions fails the check digits.
 */
const LEI_TEXT = /^[0-9A-Z]{18}[0-9]{2}$/

export function hasLeiForm(text: string): boolean {
  return LEI_TEXT.test(text)
}

/** Whether the check digits of text that has the form of an LEI are right. */
export function hasLeiCheckDigits(lei: string): boolean {
  let remainder = 0
  for (let at = 0; at < lei.length; at += 1) {
    const code = lei.charCodeAt(at)
    const value = code <= 0x39 ? code - 0x30 : code - 0x37
    // Folded one character at a time, so that no number grows past 97 * 100 + 35.
    remainder = (remainder * (value < 10 ? 10 : 100) + value) % 97
  }
  return remainder === 1
}
