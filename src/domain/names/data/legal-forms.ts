/**
 * Legal forms by country (ISO 20275 Entity Legal Forms, shortened to what names carry): abbreviations and written-out forms, and the English
 * words that registers and companies themselves use for them. Phrases are folded, without marks and dots.
 */
export interface LegalForm {
  readonly id: string
  /** limited, stock, llp, …: what kind of company it is, whatever the country. */
  readonly class: string
  /** ISO 3166; `*` for a word used in many countries. */
  readonly country: string
  /** Ids of the English forms that render this one. */
  readonly renderings: readonly string[]
}

/** `id class country renderings: phrase; phrase …` */
const SOURCE = `
  ltd limited GB -: ltd; limited; limted
  pte limited SG -: pte ltd; pte limited; private limited; pte
  pty limited AU -: pty ltd; pty limited; proprietary limited; pty
  co-ltd limited * -: co ltd; company limited; co limited; company ltd; coltd
  plc stock GB -: plc; public limited company; pcl; public company limited
  llc limited US -: llc; limited liability company; limited liability co; lc
  fz-llc limited AE -: fzllc; fz llc; free zone llc
  fze limited AE -: fze; free zone establishment
  fzco limited AE -: fzco; fzc; free zone company; free zone co
  dmcc limited AE -: dmcc
  inc stock US -: inc; incorporated
  corp stock US -: corp; corporation
  llp llp GB -: llp; limited liability partnership
  lp limited-partnership GB -: lp; limited partnership
  jsc stock * -: jsc; joint stock company; joint stock co
  cjsc stock * -: cjsc; closed joint stock company; closed joint stock co
  pjsc stock * -: pjsc; public joint stock company
  ojsc stock * -: ojsc; open joint stock company
  kz-too limited KZ llp: тоо; жшс; товарищество с ограниченной ответственностью; жауапкершілігі шектеулі серіктестік; жауапкершілігі шектеулі серіктестігі; too; jshs; zhshs
  kz-tdo limited KZ -: тдо; товарищество с дополнительной ответственностью; қжс
  kz-ao stock KZ jsc: ақ; акционерлік қоғам; акционерлік қоғамы; ao; ak; aq
  ru-ao stock RU jsc: ао; акционерное общество; ao
  ru-zao stock RU cjsc: зао; закрытое акционерное общество; zao
  kz-ao stock KZ jsc: ао; акционерное общество
  ru-pao stock RU pjsc: пао; публичное акционерное общество; pao
  ru-oao stock RU ojsc: оао; открытое акционерное общество; oao
  ru-ooo limited RU llc,ltd: ооо; общество с ограниченной ответственностью; ooo
  ru-ip sole RU -: ип; индивидуальный предприниматель; жк; жеке кәсіпкер; ip; individual entrepreneur
  kz-rgp state KZ -: ргп; рмк
  kz-gkp state KZ-G -: гкп; мкк
  ua-tov limited UA llc,ltd: тов; товариство з обмеженою відповідальністю; tov; tzov
  ua-at stock UA jsc: ат; акціонерне товариство
  ua-prat stock UA -: прат; приватне акціонерне товариство; prat
  ua-pat stock UA pjsc: пат; публічне акціонерне товариство; pat
  by-ooo limited BY llc: таа; ооо
  uz-mchj limited UZ llc: mchj; мчж; masuliyati cheklangan jamiyat
  kg-osoo limited KG llc: осоо; osoo; жчк
  am-spy limited AM llc: սպը; spy
  ge-shps limited GE llc: შპს; shps
  az-mmc limited AZ llc: mmc; məhdud məsuliyyətli cəmiyyət
  de-gmbh limited DE -: gmbh; gesellschaft mit beschrankter haftung; gesellschaft mit beschraenkter haftung; gesmbh; ges m b h; mbh
  de-ggmbh limited DE -: ggmbh; gemeinnutzige gmbh
  de-ug limited DE-UG -: ug; ug haftungsbeschrankt; unternehmergesellschaft haftungsbeschrankt; unternehmergesellschaft
  de-ag stock DE -: ag; aktiengesellschaft
  de-kg limited-partnership DE -: kg; kommanditgesellschaft
  de-gmbh-kg limited-partnership DE-GK -: gmbh & co kg; gmbh co kg; gmbh & co kommanditgesellschaft; gmbh & cokg
  de-ohg partnership DE -: ohg; offene handelsgesellschaft
  de-gbr partnership DE -: gbr; gesellschaft burgerlichen rechts
  de-ev association DE -: ev; eingetragener verein
  eu-se stock EU -: se; societas europaea
  sa stock * -: sa; societe anonyme; sociedad anonima; sociedade anonima; spolka akcyjna
  mx-sacv stock MX -: sa de cv; sociedad anonima de capital variable
  sarl limited FR -: sarl; sa rl; societe a responsabilite limitee; s a r l
  sas stock FR-SAS -: sas; societe par actions simplifiee; sociedad por acciones simplificada
  fr-sasu stock FR-SAS -: sasu
  fr-sci partnership FR -: sci; societe civile immobiliere
  fr-snc partnership FR -: snc; societe en nom collectif
  it-spa stock IT -: spa; societa per azioni
  it-srl limited * -: srl; societa a responsabilita limitata; sociedad de responsabilidad limitada; societate cu raspundere limitata
  it-srls limited IT -: srls; societa a responsabilita limitata semplificata
  mx-srl limited MX -: s de rl de cv; s de rl
  es-sl limited ES -: sl; sociedad limitada
  es-slu limited ES -: slu; sociedad limitada unipersonal
  pt-lda limited PT -: lda; ltda; limitada; sociedade limitada; sociedade por quotas
  br-eireli limited PT -: eireli
  nl-bv limited NL -: bv; besloten vennootschap; besloten vennootschap met beperkte aansprakelijkheid
  nl-nv stock NL -: nv; naamloze vennootschap
  be-srl limited BE -: bvba; sprl; besloten vennootschap met beperkte aansprakelijkheid
  nl-cv partnership NL -: cv; commanditaire vennootschap
  nl-vof partnership NL -: vof; vennootschap onder firma
  se-ab stock SE -: ab; aktiebolag; aktiebolaget
  se-publ stock SE -: ab publ; aktiebolag publ; publ ab
  no-as limited NO -: as; aksjeselskap
  no-asa stock NO -: asa; allmennaksjeselskap
  dk-as stock DK -: as; aktieselskab
  dk-aps limited DK -: aps; anpartsselskab
  fi-oy limited FI -: oy; osakeyhtio; oy ab; ab oy; ab
  fi-oyj stock FI -: oyj; julkinen osakeyhtio; abp
  is-ehf limited IS -: ehf; einkahlutafelag
  is-hf stock IS -: hf; hlutafelag
  ee-ou limited EE -: ou; osauhing
  ee-as stock EE -: as; aktsiaselts
  lv-sia limited LV -: sia; sabiedriba ar ierobezotu atbildibu
  lt-uab limited LT -: uab; uzdaroji akcine bendrove
  pl-spzoo limited PL -: sp z oo; spzoo; sp z o o; spolka z ograniczona odpowiedzialnoscia; spolka z oo
  cz-sro limited CZ -: sro; s r o; spol s ro; spolecnost s rucenim omezenym; spolocnost s rucenim obmedzenym
  cz-as stock CZ -: as; akciova spolecnost; akciova spolocnost
  hu-kft limited HU -: kft; korlatolt felelossegu tarsasag
  hu-rt stock HU -: rt; reszvenytarsasag
  hu-zrt stock HU -: zrt; zartkoruen mukodo reszvenytarsasag
  hu-nyrt stock HU-P -: nyrt; nyilvanosan mukodo reszvenytarsasag
  yu-doo limited YU -: doo; d o o; drustvo s ogranicenom odgovornoscu; дoo; доо
  yu-dd stock HR -: dd; dionicko drustvo; delnicka druzba
  yu-ad stock RS -: ad; akcionarsko drustvo; ад
  bg-ood limited BG ltd,llc: оод; еоод; ood; eood; дружество с ограничена отговорност
  gr-ae stock GR -: αε; ανωνυμη εταιρεια; ae
  gr-epe limited GR ltd: επε; εταιρεια περιορισμενης ευθυνης; epe
  gr-ike limited GR -: ικε; ιδιωτικη κεφαλαιουχικη εταιρεια; ike; pc
  tr-as stock TR -: as; anonim sirketi; anonim sirket
  tr-ltd limited TR ltd: ltd sti; limited sirketi; limited sirket
  il-ltd limited IL ltd: בעמ; ltd
  ae-llc limited AE llc: ذمم; ش ذ م م; شذمم; شركه ذات مسووليه محدوده
  gulf-wll limited BH llc: wll; with limited liability
  eg-sae stock EG -: شمم; ش م م; sae
  om-saog stock OM -: saog
  om-saoc stock OM -: saoc
  bh-bsc stock BH -: bsc
  kw-ksc stock KW -: ksc; kscp
  qa-qsc stock QA -: qsc; qpsc
  in-pvt limited IN -: pvt ltd; private limited; pvt limited; private ltd; p ltd
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
  kr-chusik stock KR co-ltd,inc,corp,ltd: chusik hoesa; jusik hoesa; jusikhoesa`

// biome-ignore format: a table
/** Forms that are written against a name without a space, in front of it or behind it. */
export const ATTACHED_FORMS: readonly (readonly [text: string, id: string])[] = [
  ['株式会社', 'jp-kk'], ['株式會社', 'jp-kk'], ['(株)', 'jp-kk'], ['有限会社', 'jp-yk'], ['(有)', 'jp-yk'], ['合同会社', 'jp-gk'], ['(同)', 'jp-gk'],
  ['股份有限公司', 'cn-jsc'], ['有限责任公司', 'cn-ltd'], ['有限責任公司', 'cn-ltd'], ['有限公司', 'cn-ltd'], ['公司', 'cn-company'],
  ['주식회사', 'kr-chusik'], ['(주)', 'kr-chusik'], ['유한회사', 'kr-yuhan'], ['유한책임회사', 'kr-yuhan'], ['(유)', 'kr-yuhan'],
  ['บริษัท', 'th-co'], ['จำกัด(มหาชน)', 'th-pcl'], ['จำกัด', 'th-co'],
]

const ATTACHED_ONLY: readonly LegalForm[] = [
  { id: 'kr-yuhan', class: 'limited', country: 'KR-Y', renderings: ['llc', 'ltd', 'co-ltd'] },
  // Everyday speech leaves 有限 out.
  { id: 'cn-company', class: 'limited', country: 'CN', renderings: [] },
  { id: 'th-pcl', class: 'stock', country: 'TH', renderings: ['plc'] },
]

function parsed(): { forms: Map<string, LegalForm>; phrases: Map<string, string[]> } {
  const forms = new Map(ATTACHED_ONLY.map((form) => [form.id, form]))
  const phrases = new Map<string, string[]>()
  for (const line of SOURCE.trim().split('\n')) {
    const colon = line.indexOf(':')
    const [id = '', kind = '', country = '', renderings = ''] = line.slice(0, colon).trim().split(' ')
    const rendered = renderings === '-' ? [] : renderings.split(',')
    forms.set(id, { id, class: kind, country, renderings: rendered })
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
