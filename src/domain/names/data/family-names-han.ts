/**
 * East Asian family names that cross romanisations: characters, then the spellings met in Mandarin (Wade-Giles), Cantonese, Hokkien, Korean and
 * Vietnamese records besides pinyin. They show that two spellings may be one name; they prove nothing.
 */
const ROWS = `
  张張=zhang cheung chang teo tiong jang truong cheong  李=li lee yi rhee ly  王=wang wong ong vuong hwang  陈陳=chen chan tan tran jin chin ting
  刘劉=liu lau low lew luu yoo yu ryu  黄黃=huang wong ng hwang hoang huynh oei  林=lin lam lim rim im  吴吳=wu ng goh ngo oh  周=zhou chow chew chou chu ju joo
  郑鄭=zheng cheng tay trinh jung jeong chung  赵趙=zhao chao chiu trieu cho jo  杨楊=yang yeung young yeo duong  何=he ho hoh ha
  罗羅=luo lo law la ra na  梁=liang leung leong luong yang  谢謝=xie hsieh tse cheah ta  许許=xu hsu hui koh hua heo hur  郭=guo kuo kwok quek quach kwak
  邓鄧=deng teng tang dang  冯馮=feng fung phung  曹=cao tsao cho tao jo  曾=zeng tseng tsang chan tang  蔡=cai tsai choi chua thai chae  潘=pan poon phua phan ban
  徐=xu hsu tsui chui tu seo  叶葉=ye yeh yip yap diep  苏蘇=su so soh to  吕呂=lv lu lui lya lee  蒋蔣=jiang chiang tseung tuong jang  余=yu yue yee du  卢盧=lu lo loo no noh roh
  萧蕭肖=xiao hsiao siu seow tieu so  程=cheng ching trinh jung  沈=shen sum sim tham shim  朱=zhu chu choo chau ju  胡=hu wu woo oh ho  孙孫=sun suen son  高=gao kao ko go koh cao
  马馬=ma mah  宋=song sung soong tong  江=jiang chiang kong giang kang  方=fang fong phuong bang  石=shi shih shek seok  薛=xue hsueh sit tiet seol  戴=dai tai  姜=jiang chiang keung kang khuong
  崔=cui tsui choi choe thoi  金=jin chin kam kim gim  朴=piao park pak bak  范=fan pham  韩韓=han hon  唐=tang tong duong  夏=xia hsia ha  钟鍾鐘=zhong chung jong  袁=yuan yuen vien won
  任=ren jen yam nham im lim  姚=yao yiu dieu  邱=qiu chiu yau khuu  秦=qin chin chun tan  尹=yin yoon yun doan  武=wu vu moo  阮=ruan yuen nguyen won  黎=li lai le  白=bai pai pak baek bach  洪=hong hung ang`

const SPELLINGS_OF = new Map<string, ReadonlySet<string>>()
const ROWS_OF = new Map<string, number[]>()
for (const [index, row] of (ROWS.match(/\S+=[^=\s]+(?: [a-z]+)*(?=\s+\S+=|\s*$)/gu) ?? []).entries()) {
  const [characters = '', spellings = ''] = row.trim().split('=')
  const words = spellings.split(' ')
  for (const character of characters) SPELLINGS_OF.set(character, new Set(words))
  for (const word of words) ROWS_OF.set(word, [...(ROWS_OF.get(word) ?? []), index])
}

/** Undefined when the character is not listed. */
export function isFamilyNameSpelling(character: string, latin: string): boolean | undefined {
  return SPELLINGS_OF.get(character)?.has(latin)
}

/** Whether two Latin words are spellings of one listed family name. */
export function mayBeOneFamilyName(a: string, b: string): boolean {
  const rows = ROWS_OF.get(b)
  return rows !== undefined && (ROWS_OF.get(a)?.some((row) => rows.includes(row)) ?? false)
}

export function isFamilyName(latin: string): boolean {
  return ROWS_OF.has(latin)
}
