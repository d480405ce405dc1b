/**
 * Legal forms by country (ISO 20275 Entity Legal Forms, shortened to what names carry): abbreviations and written-out forms, and the English
 * words that registers and companies themselves use for them. Phrases are folded, without marks and dots.
 */
export type FormClass =
  | 'limited'
  | 'stock'
  | 'limited-partnership'
  | 'llp'
  | 'partnership'
  | 'sole'
  | 'foundation'
  | 'association'
  | 'cooperative'
  | 'state'

export interface LegalForm {
  readonly id: string
  readonly class: FormClass
  /** ISO 3166; `*` for a word used in many countries. */
  readonly country: string
  /** Ids of the English forms that render this one. */
  readonly renderings: readonly string[]
}

/** `id class country renderings: phrase; phrase …` */
const SOURCE = `
  ltd limited GB -: ltd; limited; limted; private limited; pvt ltd; pvt limited; private ltd; p ltd; (p) ltd
  pte limited SG ltd,co-ltd: pte ltd; pte limited; private limited; pte
  pty limited AU ltd: pty ltd; pty limited; proprietary limited; pty
  co-ltd limited * -: co ltd; company limited; co limited; company ltd; coltd
  plc stock GB -: plc; public limited company; pcl; public company limited
  llc limited US -: llc; limited liability company; limited liability co; lc
  fz-llc limited AE -: fzllc; fz llc; fze; fzco; fzc; free zone llc; free zone establishment; dmcc
  inc stock US -: inc; incorporated
  corp stock US -: corp; corporation
  llp llp GB -: llp; limited liability partnership
  lp limited-partnership GB -: lp; limited partnership
  jsc stock * -: jsc; joint stock company; joint stock co; joint-stock company; cjsc; closed joint stock company
  pjsc stock * -: pjsc; public joint stock company; ojsc; open joint stock company
  kz-too limited KZ llp: тоо; жшс; товарищество с ограниченной ответственностью; жауапкершілігі шектеулі серіктестік; жауапкершілігі шектеулі серіктестігі; too; jshs; zhshs
  kz-tdo limited KZ -: тдо; товарищество с дополнительной ответственностью; қжс
  kz-ao stock KZ jsc: ақ; акционерлік қоғам; акционерлік қоғамы; ao; ak; aq
  ru-ao stock RU jsc: ао; акционерное общество; зао; закрытое акционерное общество; ao; zao
  kz-ao stock KZ jsc: ао; акционерное общество
  ru-pao stock RU pjsc: пао; публичное акционерное общество; оао; открытое акционерное общество; pao; oao
  ru-ooo limited RU llc,ltd: ооо; общество с ограниченной ответственностью; ooo
  ru-ip sole RU -: ип; индивидуальный предприниматель; жк; жеке кәсіпкер; ip; individual entrepreneur
  kz-gp state KZ -: ргп; гкп; рмк; государственное предприятие; мемлекеттік кәсіпорын
  ua-tov limited UA llc,ltd: тов; товариство з обмеженою відповідальністю; tov; tzov
  ua-at stock UA jsc: ат; прат; пат; акціонерне товариство; приватне акціонерне товариство; prat; pat
  by-ooo limited BY llc: таа; ооо
  uz-mchj limited UZ llc: mchj; мчж; masuliyati cheklangan jamiyat
  kg-osoo limited KG llc: осоо; osoo; жчк
  am-spy limited AM llc: սպը; spy
  ge-shps limited GE llc: შპს; shps
  az-mmc limited AZ llc: mmc; məhdud məsuliyyətli cəmiyyət
  de-gmbh limited DE -: gmbh; gesellschaft mit beschrankter haftung; gesellschaft mit beschraenkter haftung; gesmbh; ges m b h; mbh; ggmbh
  de-ug limited DE-UG -: ug; ug haftungsbeschrankt; unternehmergesellschaft haftungsbeschrankt; unternehmergesellschaft
  de-ag stock DE -: ag; aktiengesellschaft
  de-kg limited-partnership DE -: kg; kommanditgesellschaft
  de-gmbh-kg limited-partnership DE-GK -: gmbh & co kg; gmbh co kg; gmbh & co kommanditgesellschaft; gmbh & cokg
  de-ohg partnership DE -: ohg; offene handelsgesellschaft; gbr; gesellschaft burgerlichen rechts
  de-ev association DE -: ev; eingetragener verein
  eu-se stock EU -: se; societas europaea
  sa stock * -: sa; societe anonyme; sociedad anonima; sociedade anonima; spolka akcyjna; sa de cv; sociedad anonima de capital variable
  sarl limited FR -: sarl; sa rl; societe a responsabilite limitee; s a r l; sarl-s
  sas stock FR-SAS -: sas; sasu; societe par actions simplifiee; sociedad por acciones simplificada
  fr-sci partnership FR -: sci; societe civile immobiliere; snc
  it-spa stock IT -: spa; societa per azioni
  it-srl limited * -: srl; srls; societa a responsabilita limitata; sociedad de responsabilidad limitada; societate cu raspundere limitata; s de rl de cv; s de rl
  es-sl limited ES -: sl; slu; sociedad limitada
  pt-lda limited PT -: lda; ltda; limitada; sociedade limitada; sociedade por quotas; eireli
  nl-bv limited NL -: bv; besloten vennootschap; besloten vennootschap met beperkte aansprakelijkheid
  nl-nv stock NL -: nv; naamloze vennootschap
  be-srl limited BE -: bvba; sprl; besloten vennootschap met beperkte aansprakelijkheid
  nl-cv partnership NL -: cv; vof; commanditaire vennootschap
  se-ab stock SE -: ab; aktiebolag; aktiebolaget
  no-as stock NO -: as; aksjeselskap; asa; allmennaksjeselskap
  dk-as stock DK -: as; aktieselskab
  dk-aps limited DK -: aps; anpartsselskab
  fi-oy stock FI -: oy; osakeyhtio; oyj; oy ab
  is-ehf limited IS -: ehf; einkahlutafelag; hf
  ee-ou limited EE -: ou; osauhing
  ee-as stock EE -: as; aktsiaselts
  lv-sia limited LV -: sia; sabiedriba ar ierobezotu atbildibu
  lt-uab limited LT -: uab; uzdaroji akcine bendrove
  pl-spzoo limited PL -: sp z oo; spzoo; sp z o o; spolka z ograniczona odpowiedzialnoscia; spolka z oo
  cz-sro limited CZ -: sro; s r o; spol s ro; spolecnost s rucenim omezenym; spolocnost s rucenim obmedzenym
  cz-as stock CZ -: as; akciova spolecnost; akciova spolocnost
  hu-kft limited HU -: kft; korlatolt felelossegu tarsasag
  hu-rt stock HU -: zrt; nyrt; rt; reszvenytarsasag; zartkoruen mukodo reszvenytarsasag
  yu-doo limited YU -: doo; d o o; drustvo s ogranicenom odgovornoscu; дoo; доо
  yu-dd stock YU -: dd; ad; dionicko drustvo; akcionarsko drustvo; ад
  bg-ood limited BG ltd,llc: оод; еоод; ood; eood; дружество с ограничена отговорност
  gr-ae stock GR -: αε; ανωνυμη εταιρεια; ae
  gr-epe limited GR ltd: επε; εταιρεια περιορισμενης ευθυνης; epe
  gr-ike limited GR -: ικε; ιδιωτικη κεφαλαιουχικη εταιρεια; ike; pc
  tr-as stock TR -: as; anonim sirketi; anonim sirket
  tr-ltd limited TR ltd: ltd sti; limited sirketi; limited sirket
  il-ltd limited IL ltd: בעמ; ltd
  ae-llc limited AE llc: ذمم; ش ذ م م; شذمم; شركه ذات مسووليه محدوده; wll
  sa-sae stock EG -: شمم; ش م م; sae; saog; bsc; ksc; qsc; qpsc
  in-pvt limited IN ltd: pvt ltd; private limited; pvt limited
  my-sdn limited MY -: sdn bhd; sendirian berhad
  my-bhd stock MY -: bhd; berhad
  id-pt stock ID -: pt; perseroan terbatas; pt tbk; tbk; persero
  id-cv partnership ID -: cv
  ph-inc stock PH inc: inc
  vn-tnhh limited VN co-ltd,ltd,llc: cong ty tnhh; cong ty trach nhiem huu han; tnhh; cong ty tnhh mtv; cong ty tnhh mot thanh vien
  vn-cp stock VN jsc: cong ty co phan; cong ty cp; ctcp
  th-co limited TH co-ltd,ltd: บริษัทจำกัด
  jp-kk stock JP co-ltd,inc,corp,ltd: kk; kabushiki kaisha; kabushiki gaisha; kabushikigaisha; kabushikikaisha
  jp-yk limited JP ltd: yk; yugen kaisha; yugen gaisha; yugengaisha
  jp-gk limited JP-GK llc: gk; godo kaisha; godo gaisha; godogaisha
  cn-ltd limited CN co-ltd,ltd: youxian gongsi; youxiangongsi; youxian zeren gongsi
  cn-jsc stock CN co-ltd,jsc,corp: gufen youxian gongsi
  kr-chusik stock KR co-ltd,inc,corp,ltd: chusik hoesa; jusik hoesa; jusikhoesa
  foundation foundation * -: foundation; stiftung; stichting; фонд; қор
  coop cooperative * -: cooperative; coop; eg; кооператив`

// biome-ignore format: a table
/** Forms that are written against a name without a space, in front of it or behind it. */
export const ATTACHED_FORMS: readonly (readonly [text: string, id: string])[] = [
  ['株式会社', 'jp-kk'], ['株式會社', 'jp-kk'], ['(株)', 'jp-kk'], ['有限会社', 'jp-yk'], ['(有)', 'jp-yk'], ['合同会社', 'jp-gk'], ['(同)', 'jp-gk'],
  ['股份有限公司', 'cn-jsc'], ['有限责任公司', 'cn-ltd'], ['有限責任公司', 'cn-ltd'], ['有限公司', 'cn-ltd'],
  ['주식회사', 'kr-chusik'], ['(주)', 'kr-chusik'], ['유한회사', 'kr-yuhan'], ['유한책임회사', 'kr-yuhan'], ['(유)', 'kr-yuhan'],
  ['บริษัท', 'th-co'], ['จำกัด(มหาชน)', 'th-pcl'], ['จำกัด', 'th-co'],
]

const ATTACHED_ONLY: readonly LegalForm[] = [
  { id: 'kr-yuhan', class: 'limited', country: 'KR-Y', renderings: ['llc', 'ltd', 'co-ltd'] },
  { id: 'th-pcl', class: 'stock', country: 'TH', renderings: ['plc'] },
]

function parsed(): { forms: Map<string, LegalForm>; phrases: Map<string, string[]> } {
  const forms = new Map(ATTACHED_ONLY.map((form) => [form.id, form]))
  const phrases = new Map<string, string[]>()
  for (const line of SOURCE.trim().split('\n')) {
    const colon = line.indexOf(':')
    const [id = '', kind = '', country = '', renderings = ''] = line.slice(0, colon).trim().split(' ')
    const rendered = renderings === '-' ? [] : renderings.split(',')
    forms.set(id, { id, class: kind as FormClass, country, renderings: rendered })
    for (const phrase of line
      .slice(colon + 1)
      .split(';')
      .map((text) => text.trim())) {
      if (phrase !== '') phrases.set(phrase, [...new Set([...(phrases.get(phrase) ?? []), id])])
    }
  }
  return { forms, phrases }
}

const { forms, phrases } = parsed()
export const LEGAL_FORMS: ReadonlyMap<string, LegalForm> = forms
/** Several countries share a word: `AS` is Norwegian, Danish, Estonian, Czech and Turkish. */
export const FORM_PHRASES: ReadonlyMap<string, readonly string[]> = phrases
export const PHRASE_WORDS_MAX = 7
