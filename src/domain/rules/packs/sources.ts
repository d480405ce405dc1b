/** Where the figures of the packs come from. A web page stands for the instrument only where its text was not at hand. */
export interface Source {
  readonly title: string
  readonly where: string
}

export const SOURCES: Readonly<Record<string, Source>> = {
  S1: { title: 'FATF Recommendations, Feb 2025 ed. (INR.15, INR.16)', where: 'eurasiangroup.org PDF' },
  S2: { title: 'FATF Updated Guidance for a Risk-Based Approach to VAs and VASPs, Oct 2021', where: '' },
  S3: {
    title: 'FATF updates Recommendation 16 on payment transparency, June 2025',
    where:
      'https://www.fatf-gafi.org/en/publications/Fatfrecommendations/update-Recommendation-16-payment-transparency-june-2025.html',
  },
  S4: {
    title: 'FATF updates travel rule (Regulation Tomorrow); plus fincrimecentral, flexi-news',
    where: 'https://www.regulationtomorrow.com/global/fatf-updates-travel-rule',
  },
  S5: {
    title: "AIFC AML Rules 11-1.1 Digital Asset transfer (AFSA 'Orderly')",
    where: 'https://orderly.myafsa.com/entiresection/a0001000200020003000C/11-1.1.-digital-asset-transfer',
  },
  S6: {
    title: 'AIFC AML Rules 11-1.2 self-hosted wallets',
    where:
      'https://orderly.myafsa.com/entiresection/a0001000200020003000C0002/11-1.2.-digital-asset-transfers-to-or-from-self-hosted-digital-wallets',
  },
  S7: {
    title: 'AIFC AML Rules 11-2.1 counterparty due diligence',
    where: 'https://orderly.myafsa.com/entiresection/a0001000200020003000D/11-2.1.-general-requirements',
  },
  S8: {
    title: 'AIFC AML/CTF legal regime; AFSA AML FAQs; AML Rules 12, 13.1, 13.7, 14.5',
    where: 'https://afsa.aifc.kz/aifc-aml-ctf-legal-regime and orderly.myafsa.com',
  },
  S9: { title: 'FATF Best Practices on Travel Rule Supervision, June 2025', where: '' },
  S10: {
    title: 'Law 191-IV on AML/CFT/CPF (as amended by 219-VIII)',
    where: 'https://insecure.zan.kz/rus/docs/Z090000191_',
  },
  S11: {
    title: 'AFM Order No. 5, 30 Oct 2024, Rules for transfers of backed digital assets',
    where: 'https://adilet.zan.kz/rus/docs/V2400035311',
  },
  S12: {
    title: 'Amendments of 11 Dec 2025 to Order No. 5 (zakon.kz)',
    where:
      'https://www.zakon.kz/pravo/6502777-perevody-obespechennykh-tsifrovykh-aktivov-vneseny-izmeneniya.html',
  },
  S13: {
    title: 'AFM Order No. 22, 23 Dec 2025 (amends No. 13 of 2022), in force 1 Apr 2026',
    where:
      'http://insecure.zan.kz/kaz/docs/V2500037697/compare/rus ; https://dknews.kz/ru/finansy/379451-v-kazahstane-uzhestochayut-pravila-po-podozritelnym ; https://www.zakon.kz/pravo/6503402-kakie-operatsii-schitayutsya-podozritelnymi-i-podlezhat-monitoringu-utverzhdeny-priznaki.html',
  },
  S14: {
    title: 'NBK: unsecured digital asset exchange operators',
    where: 'https://www.nationalbank.kz/en/page/unsecured-asset-exchange-operators',
  },
  S15: {
    title: 'Regulation (EU) 2023/1113, arts 14, 17 (mica.wtf; springlex)',
    where: 'https://mica.wtf ; CELEX 32023R1113',
  },
  S16: {
    title: 'EBA Travel Rule Guidelines EBA/GL/2024/11 (FIN-FSA notice)',
    where:
      'https://finanssivalvonta.fi/en/publications-and-press-releases/supervision-releases/2024/eba-guidelines-ebagl202411-on-information-requirements-in-relation-to-transfers-of-funds-and-certain-crypto-assets-transfers-under-regulation-eu-20231113-travel-rule-guidelines--applicable-from-30-december-2024',
  },
  S17: {
    title: 'EBA/GL/2024/11 digest (Opus Datum WTR)',
    where: 'https://wtr.opusdatum.com/eu-guidance/ (EBA/GL/2024/11 page)',
  },
  S18: {
    title: 'Notabene: EBA guidelines takeaways (consultation and July 2024)',
    where: 'https://notabene.id/post/key-takeaways-from-the-ebas-consultation-on-travel-rule-guidelines',
  },
  S19: {
    title: 'nur-legal; public question bank found by public text (EBA deadlines)',
    where: 'public text',
  },
  S20: {
    title: 'MLR 2017 Part 7A',
    where: 'http://legislation.gov.uk/uksi/2017/692/part/7A ; /regulation/64D ; /regulation/64E',
  },
  S21: { title: 'Notabene help centre, UK', where: 'https://intercom.help/helpnotabene (article 7873574)' },
  S22: {
    title:
      'Third-party gap analysis of 24 Sep 2026 quoting reg. 64C(4) and SI 2026/621, PSN02 13.4/13.6, TFR 14(1)(d)',
    where: 'public text',
  },
  S23: {
    title: 'VinciWorks: MLR (Amendment) Regulations 2026 now in force',
    where: 'https://vinciworks.com/?p=39218',
  },
  S24: {
    title: 'Legislation Tracker: MLR Amendment Regulations 2026',
    where:
      'https://www.legislationtracker.co.uk/article/money-laundering-terrorist-financing-amendment-regulations-2026-10-06-26',
  },
  S25: {
    title: '31 CFR 1010.410',
    where: 'https://www.ecfr.gov/current/title-31/subtitle-B/chapter-X/part-1010/subpart-E/section-1010.410',
  },
  S26: { title: 'GENIUS Act AML NPRM, 8 Apr 2026 (Orrick infobytes)', where: 'orrick.com infobytes' },
  S27: {
    title: 'FINMA Guidance 02/2019; Notabene help centre, Switzerland',
    where: 'https://intercom.help/helpnotabene (article 8155618)',
  },
  S28: {
    title: 'Crowdfund Insider and Scribd copies on AMLO-FINMA',
    where: 'crowdfundinsider.com; scribd.com',
  },
  S29: {
    title: 'MAS Notice PSN02 (1 Jul 2025 consolidation)',
    where:
      'https://www.mas.gov.sg/-/media/amld-amendments---30-june-2025/mas-notice-psn02-amendment--new.pdf',
  },
  S30: {
    title: 'Notabene help centre, Singapore',
    where: 'https://intercom.help/helpnotabene (article 6888557)',
  },
  S31: {
    title: 'SFC AML Guideline for LCs and SFC-licensed VASPs, 1 Jun 2023, ch. 12',
    where:
      'https://www.sfc.hk/-/media/EN/assets/components/codes/files-current/web/guidelines/guideline-on-anti-money-laundering-and-counter-financing-of-terrorism-for-licensed-corporations/AML-Guideline-for-LCs-and-SFC-licensed-VASPs_Eng_1-Jun-2023.pdf',
  },
  S32: { title: 'HKMA stablecoin AML guideline 2025', where: '' },
  S33: {
    title: 'Japan: 21 Analytics, Notabene, bittrade pages',
    where:
      'https://www.21analytics.ch/travel-rule-regulations/japan-travel-rule-regulation/ ; https://notabene.id/world/japan',
  },
  S34: {
    title: 'Korea: 21 Analytics; allcryptocurrencydaily; CODE IVMS101 repository',
    where: 'https://github.com/codevasp-lab/IVMS101',
  },
  S35: {
    title: 'Korea Enforcement Decree 2026: PANews Lab, CoinLive (June 2026)',
    where: 'panewslab.com ; coinlive.com',
  },
  S36: {
    title: 'VARA Rulebook G. FATF Travel Rule',
    where: 'https://rulebooks.vara.ae/rulebook/g-fatf-travel-rule',
  },
  S37: {
    title: 'CBUAE Virtual Assets Travel Rule (regalert.today copy of 16 Dec 2025; CBUAE rulebook)',
    where: 'https://rulebook.centralbank.ae',
  },
  S38: { title: 'Notabene: Abu Dhabi', where: 'https://notabene.id/world/abu-dhabi' },
  S39: { title: 'CBB Rulebook AML-2A.2', where: 'https://cbben.thomsonreuters.com/entiresection/2300179' },
  S40: {
    title: 'Turkiye: MASAK amendments and Communique 29 (law-firm and vendor notes)',
    where: 'several pages, see notes in section 2',
  },
  S41: {
    title: 'FINTRAC travel rule guidance',
    where:
      'https://fintrac-canafe.canada.ca/guidance-directives/transaction-operation/travel-acheminement/1-eng',
  },
  S42: {
    title: 'Bermuda: 21 Analytics; Annex VIII digital asset business guidance',
    where: 'https://www.21analytics.ch ; documents.pub copy of Annex VIII',
  },
  S43: { title: 'Cayman AML Regs Part XA (Stuarts)', where: 'stuartslaw.com' },
  S44: { title: 'Gibraltar Transfer of Virtual Assets Regulations 2021', where: 'gibraltarlaw.com' },
  S45: { title: 'FIC Directive 9 (acts.co.za n5543; fickle.co.za)', where: 'acts.co.za' },
  S46: { title: 'Brazil BCB Res. 520/521 (21 Analytics)', where: 'https://www.21analytics.co' },
  S47: {
    title: 'AUSTRAC: additional travel rule obligations for virtual assets',
    where: 'https://www.austrac.gov.au',
  },
  S48: {
    title: 'India FIU-IND guidelines 8 Jan 2026 (richbycoin, mssulthan, strategyindia)',
    where: 'secondary pages',
  },
  S49: {
    title: 'Philippines BSP Circular 1108 / M-2023-042 (mb.com.ph, coins.ph)',
    where: 'secondary pages',
  },
  S50: {
    title: 'Israel: Notabene help centre (draft)',
    where: 'https://intercom.help/helpnotabene (article 11503054)',
  },
  S51: {
    title: '20th EU sanctions package (23 April 2026), crypto-asset provisions',
    where: 'https://paytechlaw.com/en/20th-eu-sanctions-package',
  },
  S60: {
    title: 'cogentic-co/crypto-travel-rules data set, commit 1d6b80f (2026-04-03), MIT per README',
    where: 'https://github.com/cogentic-co/crypto-travel-rules',
  },
}
