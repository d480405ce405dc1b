/** Words of company names: abbreviations, words that make another entity, and words that translate one another. Folded, without marks. */
const pairs = (source: string): ReadonlyMap<string, string> =>
  new Map(
    source
      .trim()
      .split(/\s+/)
      .map((entry) => {
        const [short = '', word = ''] = entry.split('=')
        return [short, word]
      }),
  )
const words = (source: string): ReadonlySet<string> => new Set(source.trim().split(/\s+/))

/** Abbreviations that stand for one word only, and English words as Cyrillic letters write them. */
export const ABBREVIATIONS = pairs(
  `
  intl=international int'l=international internat=international natl=national svcs=services svc=service serv=services mfg=manufacturing mfr=manufacturer bros=brothers
  bro=brother mgmt=management mgt=management tech=technology techs=technologies eng=engineering engr=engineering assoc=associates assocs=associates assn=association co=company
  cos=companies hldg=holding hldgs=holdings grp=group dept=department dev=development invt=investment invts=investments inv=investment govt=government univ=university
  inst=institute ins=insurance fin=finance fincl=financial comm=communications telecom=telecommunications pharm=pharmaceuticals pharma=pharmaceuticals labs=laboratories lab=laboratory
  mktg=marketing mkts=markets props=properties prop=property ptnrs=partners ptrs=partners prtnrs=partners st=saint ctr=center centre=center bldg=building
  constr=construction const=construction distr=distribution dist=distribution equip=equipment ent=enterprises entpr=enterprises ind=industries inds=industries indus=industries
  logist=logistics mach=machinery mtn=mountain no=number nr=number num=number № =number nº=number transp=transport ltg=lighting sys=systems soln=solutions solns=solutions
  трейд=trade трейдинг=trading групп=group групи=group групп.=group холдинг=holding холдингс=holdings инвест=invest инвестмент=investment инвестментс=investments капитал=capital
  сервис=service сервисез=services логистикс=logistics финанс=finance компани=company интернешнл=international интернэшнл=international интернешнал=international майнинг=mining
  консалтинг=consulting девелопмент=development менеджмент=management солюшнс=solutions системс=systems технолоджис=technologies энтерпрайз=enterprise партнерс=partners
  ойл=oil газ=gas фуд=food фудс=foods тур=tour тревел=travel хаус=house лайн=line лайнс=lines индастриз=industries экспресс=express эдженси=agency юнайтед=united нэшнл=national
  стар=star голд=gold сити=city парк=park маркет=market карго=cargo фарм=pharm медиа=media диджитал=digital софт=soft спорт=sport бизнес=business`.replace(
    '№ =',
    '№=',
  ),
)

/** A name with such a word and a name without it are two companies. */
export const ENTITY_WORDS = words(`
  holding holdings group gruppe groupe gruppo grupo fund funds trust capital ventures venture partners partner investments investment invest finance financial financing bank banking
  insurance assurance asset assets management global international worldwide national regional europe european asia asian africa african america american americas pacific atlantic
  middle east west north south northern southern eastern western central uk us usa uae eu emea apac mena gulf nordic baltic balkan iberia benelux
  london paris berlin dubai singapore tokyo hongkong york moscow astana almaty london geneva zurich frankfurt madrid rome milan vienna istanbul doha riyadh mumbai delhi shanghai beijing
  hong kong sydney toronto abu dhabi shymkent atyrau aktau karaganda
  england scotland wales ireland britain germany deutschland france italy italia spain espana portugal poland polska austria osterreich switzerland schweiz suisse netherlands nederland belgium
  denmark danmark sweden sverige norway norge finland suomi iceland estonia latvia lithuania ukraine russia kazakhstan qazaqstan uzbekistan kyrgyzstan georgia armenia turkey turkiye china india japan
  korea thailand vietnam malaysia indonesia philippines australia zealand canada mexico brasil brazil argentina chile israel egypt nigeria kenya delaware texas california nevada jersey guernsey
  cyprus malta luxembourg monaco caribbean cayman bvi
  stiftung stichting fondation fondazione fundacion cooperative кооператив coop branch representative office subsidiary division department unit nominees nominee trustees trustee custodian custody treasury leasing securities brokerage broker exchange payments pay card cards
  trading trade trader traders logistics logistic transport shipping freight cargo services service solutions technologies technology tech systems software digital data labs research development developments developers
  construction engineering manufacturing industries industry industrial energy power oil gas petroleum mining metals steel chemicals chemical pharmaceuticals pharma medical health healthcare
  hospitality hotel hotels foods food beverages coffee restaurant restaurants retail wholesale distribution distributors supply supplies marketing media advertising communications telecommunications
  entertainment studios games sports education academy school university college institute hospital clinic real estate property properties realty estates agriculture farm farms agro marine maritime aviation
  airlines air motors automotive auto electric electronics electrical furniture textile textiles fashion design consulting consultants consultancy advisory advisors legal law accounting audit
  import export imports exports agency enterprises enterprise foundation charity association club society consortium pension new old second first third fourth fifth
  series class plan portfolio growth income equity bond bonds value small large cap
  two three four five six seven eight nine ten
  финанс финансы логистик логистика трейд групп холдинг инвест капитал банк страхование строй трест фонд сервис филиал представительство казахстан астана алматы москва россия азия европа агро нефть
  қазақстан топ тобы қор филиалы өкілдігі
  贸易 貿易 科技 投资 投資 控股 集团 集團 国际 國際 金融 物流 香港 北京 上海 深圳 银行 銀行 基金 ホールディングス グループ 電機 商事 工業 産業 建設 不動産 証券 홀딩스 그룹 지주 건설 전자 물산`)

/** English articles, which registers and senders leave out. */
export const ARTICLES = words('the')

export const AND_WORDS = words('& and und et та және ja og och en ve +')

/** One letter that is "and" between two words, and a class or a number behind the last: Kowal i Synowie, Fund I. */
export const AND_LETTERS = words('y e i и')

/** Words that are counted: a letter I, V or X behind one is a number. */
export const SERIES_WORDS = words(
  'fund funds series class phase part tranche trust portfolio plan unit block фонд серия',
)

/** Trades of Chinese and Japanese names, of two characters each. */
export const HAN_TRADES: readonly string[] = [...ENTITY_WORDS].filter((word) =>
  /^\p{Script=Han}{2}$/u.test(word),
)

/** One concept per line: English first. A trailing `*` is a stem. */
const CONCEPTS = `
  snow снег снежн* қар schnee neige nieve neve 雪
  cedar кедр* самырсын zeder cedre cedro
  white бел* ақ weiss weiße blanc blanche blanco bianco 白
  black черн* қара schwarz noir negro nero 黑 黒
  red красн* қызыл rot rouge rojo rosso 红 紅 赤
  blue син* голуб* көк blau bleu azul blu 蓝 藍 青
  green зелен* жасыл grun vert verde 绿 緑
  gold golden золот* алтын gold goldene or oro dorado 金
  silver серебр* күміс silber argent plata argento 银 銀
  iron желез* темір eisen fer hierro ferro 铁 鉄
  steel сталь стальн* болат stahl acier acero acciaio 钢 鋼
  stone камен* камень тас stein pierre piedra pietra 石
  star звезд* жұлдыз stern etoile estrella stella 星
  sun солнц* солнечн* күн sonne soleil sol sole 阳 陽 日
  moon лун* ай mond lune luna 月
  sky небо небес* аспан himmel ciel cielo 天
  sea мор* теңіз meer mer mar mare 海
  river рек* речн* өзен fluss fleuve riviere rio fiume 河 川
  lake озер* көл see lac lago 湖
  mountain гор* тау berg montagne montana montagna 山
  forest лес* орман wald foret bosque foresta 森 林
  steppe степ* дала
  field пол* егіс feld champ campo 田
  wind ветер ветр* жел wind vent viento vento 风 風
  fire огонь огнен* от feuer feu fuego fuoco 火
  water вод* су wasser eau agua acqua 水
  ice лед ледян* мұз eis glace hielo ghiaccio 冰
  north northern север* солтүстік nord norte 北
  south southern юг южн* оңтүстік sud sur 南
  east eastern восток восточн* шығыс ost est este 东 東
  west western запад* батыс ouest oeste ovest 西
  eagle орел орл* бүркіт adler aigle aguila aquila 鹰 鷹
  falcon сокол* сұңқар falke faucon halcon falco
  wolf волк* волч* бөрі қасқыр wolf loup lobo lupo 狼
  bear медвед* медвеж* аю bar ours oso orso 熊
  lion лев льв* арыстан lowe lion leon leone 狮 獅
  tiger тигр* жолбарыс 虎
  horse конь кон* лошад* ат pferd cheval caballo cavallo 马 馬
  snake змея змеин* жылан
  dragon дракон* айдаһар drache dragon dragone 龙 龍
  swan лебед* аққу schwan cygne cisne cigno
  house дом* үй haus maison casa 家
  city город* қала stadt ville ciudad citta 城
  bridge мост* көпір brucke pont puente ponte 桥 橋
  road дорог* путь жол strasse route camino strada 路
  tower башн* мұнара turm tour torre 塔
  gate ворот* қақпа tor porte puerta porta 门 門
  garden сад* бақ garten jardin giardino 园 園
  tree дерев* ағаш baum arbre arbol albero 木
  oak дуб* емен eiche chene roble quercia
  pine сосн* қарағай kiefer pin pino 松
  birch берез* қайың birke bouleau
  rose роз* раушан rose rosa
  flower цвет* гүл blume fleur flor fiore 花
  apple яблок* яблон* алма apfel pomme manzana mela
  bread хлеб* нан brot pain pan pane
  milk молок* молочн* сүт milch lait leche latte 奶 乳
  meat мясо мясн* ет fleisch viande carne
  grain зерн* астық getreide grain grano
  new нов* жаңа neu neue nouveau nouvelle nuevo nueva nuovo 新
  old стар* ескі alt vieux viejo vecchio 老 古
  great big больш* велик* үлкен ұлы gross grand grande 大
  small little мал* кіші klein petit pequeno piccolo 小
  first перв* бірінші erste premier primero primo 第一
  good добр* хорош* жақсы gut bon bueno buono
  bright ясн* светл* жарық hell clair claro chiaro 明
  rapid fast быстр* жылдам schnell rapide rapido 快
  free свобод* вольн* азат еркін frei libre libero
  peace world мир* әлем бейбіт welt monde paix mundo paz mondo pace 世界 和平
  friend friendship друг друж* дос достық freund ami amigo amico 友
  strength power сил* күш қуат kraft force fuerza forza 力
  hope надежд* үміт hoffnung espoir esperanza speranza 希望
  victory побед* жеңіс sieg victoire victoria vittoria 胜利 勝利
  union союз* одақ union unione
  horizon горизонт* көкжиек
  crystal кристалл* хрустал*
  diamond алмаз* бриллиант* гауһар diamant diamante
  pearl жемчуж* інжу perle perla 珠
  dawn рассвет* заря таң morgen aube alba
  winter зим* қыс hiver invierno inverno 冬
  spring весн* весен* көктем fruhling printemps primavera 春
  summer лето летн* жаз sommer ete verano estate 夏
  autumn осен* осень күз herbst automne otono autunno 秋
  trade trading торг* торгов* сауда handel commerce comercio commercio 贸易 貿易
  construction строй* строит* құрылыс bau construction construccion costruzioni 建设 建設 建筑
  industry промышлен* өнеркәсіп industrie industria 工业 工業
  transport транспорт* көлік
  technology технолог* технология technologie tecnologia 科技 技术 技術
  investment инвест* инвестиц* инвестиция 投资 投資
  capital капитал* 资本 資本
  group групп* топ тобы gruppe groupe grupo gruppo 集团 集團
  company компан* компания gesellschaft compagnie compania compagnia 公司
  international международн* халықаралық internationale internazionale internacional 国际 國際
  oil нефт* мұнай petrole petroleo 石油
  energy энерг* қуат energie energia 能源
  coal угол* уголь көмір kohle charbon carbon 煤
  shore coast bank берег* береж* жаға ufer cote costa
  steep крут*
  island остров* арал insel ile isla isola 岛 島
  valley долин* алқап tal vallee valle 谷
  hill холм* төбе hugel colline colina collina 丘
  rock скал* жартас fels rocher roca roccia 岩
  sand песо* песч* құм sand sable arena sabbia 沙 砂
  cloud облак* облач* бұлт wolke nuage nube nuvola 云 雲
  rain дожд* жаңбыр regen pluie lluvia pioggia 雨
  thunder гром* найзағай donner tonnerre trueno tuono 雷
  light свет* жарық licht lumiere luz luce 光
  shadow тен* көлеңке schatten ombre sombra ombra 影
  king корол* царь царск* король патша konig roi rey re 王
  queen королев* патшайым konigin reine reina regina 女王
  crown корон* тәж krone couronne corona 冠
  ship кораб* суд* кеме schiff navire barco nave 船
  anchor якор* зәкір anker ancre ancla ancora 锚
  sail парус* желкен segel voile vela 帆
  wing крыл* қанат flugel aile ala 翼 翅
  bird птиц* птич* құс vogel oiseau pajaro uccello 鸟 鳥
  dove голуб* көгершін taube colombe paloma colomba 鸽 鳩
  hawk ястреб* қаршыға habicht
  fox лис* түлкі fuchs renard zorro volpe 狐
  deer олен* бұғы hirsch cerf ciervo cervo 鹿
  fish рыб* балық fisch poisson pescado pesce 鱼 魚
  whale кит* wal baleine ballena balena 鲸 鯨
  bee пчел* ара biene abeille abeja ape 蜂
  honey мед медов* бал honig miel miele 蜜
  leaf лист* жапырақ blatt feuille hoja foglia 叶 葉
  root корен* корн* тамыр wurzel racine raiz radice 根
  seed сем* тұқым samen graine semilla seme 种
  tea чай* чайн* шай tee the te 茶
  coffee кофе* kaffee cafe caffe 咖啡
  salt сол* тұз salz sel sal sale 盐 塩
  sugar сахар* қант zucker sucre azucar zucchero 糖
  copper медн* медь мыс kupfer cuivre cobre rame 铜 銅
  glass стекл* стекол* шыны glas verre vidrio vetro
  key ключ* кілт schlussel cle llave chiave
  wheel колес* дөңгелек rad roue rueda ruota
  hammer молот* балға hammer marteau martillo martello
  book книг* кітап buch livre libro 书 本
  school школ* мектеп schule ecole escuela scuola 学校 學校
  hospital больниц* аурухана krankenhaus hopital 医院 病院
  pharmacy аптек* дәріхана apotheke pharmacie farmacia 药房 薬局
  heart серд* жүрек herz coeur corazon cuore 心
  hand рук* қол hand main mano 手
  eye глаз* көз auge oeil ojo occhio 眼
  future будущ* болашақ zukunft avenir futuro 未来 未來
  time врем* уақыт zeit temps tiempo tempo 时 時
  life жизн* өмір leben vie vida vita 生命
  people народ* халық volk peuple pueblo popolo
  kazakh казах* қазақ
  russian русск* россий* орыс russisch russe ruso russo
  quiet silent тих* тыныш still tranquille tranquilo
  high высок* биік hoch haut alto 高
  deep глубок* терең tief profond profundo profondo 深
  far дальн* алыс fern loin lejos
  warm тепл* жылы warm chaud
  cold холодн* суық kalt froid frio freddo
  eternal вечн* мәңгі ewig eternel eterno 永
  copper-gold злат*
  market рынок рыноч* базар нарық markt marche mercado mercato 市场 市場
  shop store магазин* дүкен laden boutique tienda negozio 店
  factory plant завод* фабрик* зауыт fabrik usine fabrica 工厂 工場
  workshop мастерск* шеберхана werkstatt atelier taller
  master мастер* шебер meister maitre maestro
  medicine medical медиц* мед медицина medizin 医 醫
  electric electrical электр* 电 電 電機 电机`

const CONCEPTS_OF = new Map<string, number[]>()
const STEMS: (readonly [stem: string, concept: number])[] = []
for (const [index, line] of CONCEPTS.trim().split('\n').entries()) {
  for (const word of line.trim().split(/\s+/)) {
    if (word.endsWith('*')) STEMS.push([word.slice(0, -1), index])
    else CONCEPTS_OF.set(word, [...(CONCEPTS_OF.get(word) ?? []), index])
  }
}

function conceptsOf(sent: string): readonly number[] {
  const word = sent.replaceAll('ё', 'е')
  // An inflected word is at most five letters longer than its stem: "снежный" for снежн*, and not "горизонт" for гор*.
  const stems = STEMS.filter(([stem]) => word.startsWith(stem) && word.length - stem.length <= 4)
  return [...(CONCEPTS_OF.get(word) ?? []), ...stems.map(([, concept]) => concept)]
}

/** Whether the two words mean the same in two languages. */
export function mayTranslate(a: string, b: string): boolean {
  const theirs = conceptsOf(b)
  return theirs.length > 0 && conceptsOf(a).some((concept) => theirs.includes(concept))
}
