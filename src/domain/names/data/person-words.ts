/** Words that stand in a person's name and are no part of it, or only a small one. All folded, without marks. */
const words = (source: string): ReadonlySet<string> => new Set(source.trim().split(/\s+/))

/** Forms of address, academic and noble titles. */
export const TITLES = words(`
  mr mister mrs ms miss mx dr doctor prof professor sir dame lord lady rev reverend fr capt captain col maj lt gen hon esq phd md mba
  herr frau fraulein dipl ing dring mme madame mlle monsieur sr sra srta senor senora senorita don dona doña dott dssa sig signor signora
  dhr mevr mw pan pani dra drs haji hajj hajji hajah sheikh shaikh shaykh sayyid syed ustaz mullah bay bayan
  гн гжа господин госпожа мырза ханым доктор проф профессор пан пані κ κα κος κυρια κυριος δρ
  السيد السيده د دكتور الدكتور الشيخ الحاج מר גב דר
  先生 女士 小姐 様 さん 氏 씨 님 นาย นาง นางสาว คุณ`)

/** A title with its abbreviation dot at the end of a family name would be senior; in front it is señor. */
export const PLACEHOLDERS = words(`
  fnu lnu nfn nln nmn null unknown unspecified notapplicable notavailable nogivenname nosurname onlyname unk - . , _ -- ...
  нет отсутствует неизвестно жоқ`)

/** "Meaningless" information, which counts as missing (EBA/GL/2024/11): xxxxx of any length. */
export const CROSSED_OUT = /^(?:x{2,}|х{2,})$/u

/** Which bearer of the name; the value says who is the same. */
export const GENERATIONS: ReadonlyMap<string, string> = new Map(
  `jr=junior jnr=junior junior=junior júnior=junior filho=junior hijo=junior младший=junior sr=senior snr=senior senior=senior старший=senior
  pere=senior fils=junior ii=2 2nd=2 iii=3 3rd=3 iv=4 4th=4 neto=3 sobrinho=nephew`
    .trim()
    .split(/\s+/)
    .map((entry) => {
      const [word = '', bearer = ''] = entry.split('=')
      return [word, bearer]
    }),
)

/** Particles of family names. A name with and one without are two names, though particles get lost. */
export const PARTICLES = words(`
  van der den de la las los del della dello delle degli dei di da das do dos du des le von zu zum zur vom af av ter ten te tot op 't het
  al el ul ad as ar bin ibn ben bint bat binti e y i und st san santa saint 'd l d o ó ní ni nic ua mac mc abu bou umm bani beit
  der vander vande vanden al-`)

/** Spanish and Portuguese link the two family names with a word that says nothing. */
export const LINKS = words('y e i')

/** "Son of" and "daughter of" in Arabic and Hebrew names: what follows is the father's name. */
export const FILIATIONS = words('bin ibn ben bint binti بن ابن بنت')
