/** Pinyin of Chinese characters, by pinyin-pro (MIT). The only file that knows that library. */
// oxlint-disable-next-line no-restricted-imports -- a dictionary of readings, the one thing about Han characters we do not keep ourselves
import { pinyin } from 'pinyin-pro'

export interface Readings {
  /** The reading in a name, character by character: the family name's own reading where it has one. */
  readonly usual: readonly string[]
  /** Every reading of each character. */
  readonly all: readonly (readonly string[])[]
}

/** Readings without tones, ü as v. */
export function pinyinOf(characters: string, isFamilyName: boolean): Readings {
  const usual = pinyin(characters, {
    toneType: 'none',
    type: 'array',
    v: true,
    surname: isFamilyName ? 'head' : 'off',
  })
  const all = Array.from(characters, (character) =>
    pinyin(character, { toneType: 'none', type: 'array', multiple: true, v: true }),
  )
  return { usual, all }
}
