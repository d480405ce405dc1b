/** Simplified, traditional and Japanese forms of one character. Conversion by opencc-js (MIT, tables Apache-2.0): its only user. */
// oxlint-disable-next-line no-restricted-imports -- OpenCC's character tables, which nobody should copy by hand
import { Converter } from 'opencc-js/t2cn'

const simplify = Converter({ from: 'tw', to: 'cn' })

/** Japanese new forms and printing variants that OpenCC's Chinese tables do not join, by the traditional form. */
const JAPANESE_FORMS: Readonly<Record<string, string>> = Object.fromEntries(
  '沢澤 辺邊 辺邉 辺邉 高髙 崎﨑 浜濱 桜櫻 斎齋 斉齊 広廣 国國 島嶋 島嶌 恵惠 徳德 竜龍 滝瀧 条條 真眞 栄榮 塩鹽 黒黑 緑綠 豊豐 渋澁 実實 宝寶 関關 団團 県縣 戸戶 気氣 図圖 円圓 圧壓 峰峯 富冨 吉𠮷 隆隆 弥彌 寿壽 瀬瀨 頼賴 巻卷 仏佛 応應 桧檜 桑桒 館舘 穂穗 鉄鐵 蔵藏 芸藝 帰歸 駅驛 楽樂 検檢 麦麥 総總 郷鄕 暁曉 済濟 収收 歩步 毎每'
    .split(' ')
    .map((pair) => {
      const [form = '', traditional = ''] = pair
      return [traditional, form]
    }),
)

/** One form per character, so that two spellings of one character become equal. */
export function oneForm(characters: string): string {
  const plain = Array.from(characters, (character) => JAPANESE_FORMS[character] ?? character).join('')
  return simplify(plain)
}

/**
 * Whether two texts are the same characters in other forms. Simplification joins characters that are two family names in the
 * traditional script (鍾, 鐘): such a pair is not the same, because neither is the simplified form of the other.
 */
export function sameCharacters(a: string, b: string): boolean {
  const left = Array.from(a)
  const right = Array.from(b)
  if (left.length !== right.length) return false
  return left.every((one, index) => {
    const other = right[index] ?? ''
    if (one === other) return true
    const form = oneForm(one)
    if (form !== oneForm(other)) return false
    return (
      JAPANESE_FORMS[one] !== undefined ||
      JAPANESE_FORMS[other] !== undefined ||
      form === one ||
      form === other
    )
  })
}
