/** Japanese names whose characters have one customary reading, and readings of single characters. Hepburn, long vowels not written. */
const table = (source: string): ReadonlyMap<string, readonly string[]> =>
  new Map(
    source
      .trim()
      .split(/\s+/)
      .map((entry) => {
        const [characters = '', readings = ''] = entry.split('=')
        return [characters, readings.split('|')] as const
      }),
  )

export const KANJI_NAMES = table(`
  佐藤=sato 鈴木=suzuki 高橋=takahashi 田中=tanaka 伊藤=ito 渡辺=watanabe 山本=yamamoto 小林=kobayashi 加藤=kato 吉田=yoshida 山田=yamada 佐々木=sasaki
  山口=yamaguchi 松本=matsumoto 井上=inoue 木村=kimura 斎藤=saito 斉藤=saito 林=hayashi 清水=shimizu 山崎=yamazaki|yamasaki 阿部=abe 森=mori 池田=ikeda 橋本=hashimoto 石川=ishikawa
  山下=yamashita 小川=ogawa 石井=ishii 長谷川=hasegawa 後藤=goto 岡田=okada 近藤=kondo 前田=maeda 藤田=fujita 遠藤=endo 青木=aoki 坂本=sakamoto 村上=murakami 太田=ota 金子=kaneko
  藤井=fujii 福田=fukuda 西村=nishimura 三浦=miura 竹内=takeuchi 中川=nakagawa 岡本=okamoto 松田=matsuda 原田=harada 中野=nakano 小野=ono 田村=tamura 藤原=fujiwara 中山=nakayama
  石田=ishida 小島=kojima|ojima 和田=wada 森田=morita 内田=uchida 柴田=shibata 酒井=sakai 原=hara 高木=takagi 横山=yokoyama 安藤=ando 宮崎=miyazaki 上田=ueda 島田=shimada 工藤=kudo
  大野=ono 宮本=miyamoto 杉山=sugiyama 今井=imai 丸山=maruyama 増田=masuda 高田=takada|takata 村田=murata 平野=hirano 大塚=otsuka 菅原=sugawara 武田=takeda 新井=arai 小山=koyama|oyama 野口=noguchi
  桜井=sakurai 千葉=chiba 岩崎=iwasaki 佐野=sano 谷口=taniguchi 上野=ueno 松井=matsui 野村=nomura 河野=kono|kawano 渡部=watanabe|watabe 菊地=kikuchi 久保=kubo 木下=kinoshita 大村=omura 平田=hirata 森下=morishita
  津田=tsuda 中村=nakamura 中島=nakajima|nakashima 川崎=kawasaki 本田=honda 西田=nishida 北村=kitamura 安田=yasuda 東=higashi|azuma 黒田=kuroda 三宅=miyake 水野=mizuno
  太郎=taro 一郎=ichiro 次郎=jiro 三郎=saburo 花子=hanako 健太=kenta 大輔=daisuke 直樹=naoki 美咲=misaki 直子=naoko 恵子=keiko 洋子=yoko 京子=kyoko 和子=kazuko 由美子=yumiko 久美子=kumiko 真理子=mariko
  美香=mika 智子=tomoko 陽子=yoko 明美=akemi 恵美=emi|megumi 裕子=yuko|hiroko 健二=kenji 健一=kenichi 翔太=shota 拓也=takuya 徹治=tetsuji 雅人=masato 和也=kazuya 達也=tatsuya 浩二=koji 誠一=seiichi 隆=takashi 誠=makoto 聡=satoshi|akira|so 恵=megumi|kei|satoshi|aya
  明=akira 学=manabu 翔=sho|kakeru 茂=shigeru 清=kiyoshi 進=susumu 勝=masaru 薫=kaoru 愛=ai|megumi|mana 葵=aoi 桜=sakura 翼=tsubasa`)
