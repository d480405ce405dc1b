/** Japanese syllables: Hepburn (passports), Kunrei, and long vowels in all their spellings. */
import { type Lattice, latticeOf, spellingTable } from './lattice.ts'

const KANA = spellingTable(`
  あ=a い=i う=u え=e お=o か=ka き=ki く=ku け=ke こ=ko さ=sa し=shi|si す=su せ=se そ=so た=ta ち=chi|ti つ=tsu|tu て=te と=to
  な=na に=ni ぬ=nu ね=ne の=no は=ha ひ=hi ふ=fu|hu へ=he ほ=ho ま=ma み=mi む=mu め=me も=mo や=ya ゆ=yu よ=yo ら=ra り=ri る=ru れ=re ろ=ro
  わ=wa を=o|wo ん=n|m が=ga ぎ=gi ぐ=gu げ=ge ご=go ざ=za じ=ji|zi ず=zu ぜ=ze ぞ=zo だ=da ぢ=ji|zi|di づ=zu|du で=de ど=do ば=ba び=bi ぶ=bu べ=be ぼ=bo
  ぱ=pa ぴ=pi ぷ=pu ぺ=pe ぽ=po きゃ=kya きゅ=kyu きょ=kyo しゃ=sha|sya しゅ=shu|syu しょ=sho|syo ちゃ=cha|tya ちゅ=chu|tyu ちょ=cho|tyo
  にゃ=nya にゅ=nyu にょ=nyo ひゃ=hya ひゅ=hyu ひょ=hyo みゃ=mya みゅ=myu みょ=myo りゃ=rya りゅ=ryu りょ=ryo ぎゃ=gya ぎゅ=gyu ぎょ=gyo
  じゃ=ja|zya じゅ=ju|zyu じょ=jo|zyo びゃ=bya びゅ=byu びょ=byo ゔ=vu|bu ふぁ=fa ふぃ=fi ふぇ=fe ふぉ=fo てぃ=ti でぃ=di
  おう=o|ou|oo|oh おお=o|oo|oh|ou ー=_|h っ=k|s|t|p|c|_`)

/** A vowel that lengthens the one before it, after a syllable in o or u, is often not written. */
const LONG_AFTER = /(?<=[おこそとのほもよろごぞどぼぽょ])[うお]|(?<=[うくすつぬふむゆるぐずぶぷゅ])う/gu

export function kanaAsLatin(word: string): Lattice {
  return latticeOf(hiragana(word).replace(LONG_AFTER, 'ー'), LONG, 'unlisted')
}

const LONG = new Map([...KANA, ['ー', ['', 'h', 'u', 'o']]])

/** Katakana as hiragana, so that the two are one. */
export function hiragana(word: string): string {
  return word.replace(/[ァ-ヶ]/gu, (letter) => String.fromCodePoint((letter.codePointAt(0) ?? 0) - 0x60))
}

/** Hepburn and Kunrei spellings of one syllable; ō, ou, oo and oh for the long vowel. A plain o is another vowel. */
const ROMAJI = spellingTable(`
  shi=si sha=sya shu=syu sho=syo chi=ti cha=tya chu=tyu cho=tyo tsu=tu fu=hu ji=zi ja=zya ju=zyu jo=zyo jya=zya jyu=zyu jyo=zyo
  mb=nb mp=np mm=nm ou=ō oo=ō oh=ō ô=ō û=ū uu=ū`)

export function romajiLattice(word: string): Lattice {
  return latticeOf(word, ROMAJI, 'always')
}

const SYLLABLES =
  /^(?:(?:k|s|t|n|h|m|r|g|z|d|b|p|ky|sy|ty|ny|hy|my|ry|gy|zy|by|py|sh|ch|ts|j|jy|f|y|w)?(?:[aeiouāēīōūâêîôû]|oh(?![aeiou]))|n(?![aeiou])|m(?=[bmp])|(?=([kstp])\1)[kstp]|t(?=ch))+$/u
const JAPANESE_ENDING =
  /(?:mura|moto|yama|kawa|gawa|shita|sita|hara|wara|bara|zaki|saki|naka|shima|sima|jima|zima|zawa|sawa|guchi|guti|bayashi|uchi|ishi|nabe|tani|nishi|oka|matsu|naga|suka|zuka|suki|zuki|mori|hashi|bashi|tsuda|tuda|da|ta|no|to|ji|zi|ko|mi|ro|ya|ki|ma|ke|chi|shi|su|tsu|tomo|ui|ai|ei|ken|jun|shin|ryo|sho|yu|ri)$/u

/** Evidence, not proof, that Latin words are a Japanese name: all are Japanese syllables and each ends as such names do. */
export function looksJapanese(words: readonly string[]): boolean {
  return (
    words.length > 1 &&
    words.every((word) => SYLLABLES.test(word)) &&
    words.every((word) => JAPANESE_ENDING.test(word))
  )
}
