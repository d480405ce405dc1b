/**
 * Arabic given names whose Latin spellings are known: by the Arabic letters (hamza, ta marbuta and maqsura folded), the pattern that every
 * customary spelling fits. Two Latin words that fit one pattern are one name; letters alone would confuse Hassan and Hussein.
 */
const ENTRIES: readonly (readonly [arabic: string, latin: RegExp])[] = [
  ['محمد', /^m[uo]h?[ae]mm?[ae]d$/],
  ['احمد', /^a[hk]?h?m[ae]d$/],
  ['محمود', /^m[ae]h?m[ou]+d$/],
  ['حمد', /^h[ae]m[ae]?d$/],
  ['حامد', /^ha+m[ei]d$/],
  ['حميد', /^ham(?:i|ee|ie)d$/],
  ['حسن', /^h[ae]ss?[ae]n$/],
  ['حسين', /^h[uo]ss?(?:ei|ai|e|ay|ey)n$/],
  ['علي', /^al(?:i|y|ee)$/],
  ['عمر', /^[uo]m[ae]r$/],
  ['عمرو', /^amr[ou]?$/],
  ['عثمان', /^[uo](?:th|s)m[ae]n$/],
  ['خالد', /^kh?a+l[ei]d$/],
  ['خليل', /^kh?al(?:i|ee)l$/],
  ['سعيد', /^sa['e]?[iye]+d$/],
  ['سعد', /^sa+d$/],
  ['سالم', /^sa+l[ei]m$/],
  ['سليم', /^s[ae]l(?:i|ee)m$/],
  ['سلمان', /^salm[ae]+n$/],
  ['سليمان', /^s[uo]l[ae]?[yi]m[ae]n$|^soleiman$|^suleiman$/],
  ['يوسف', /^y[uo]+ss?[eui]f$/],
  ['ابراهيم', /^[ie]bra+h(?:i|ee)m$/],
  ['اسماعيل', /^[ie]sm[ae]+['e]?(?:i|ee|ie|e)l$/],
  ['مصطفي', /^m[uo]s?s?t[ao]ph?f?[ae]$|^m[uo]staf[ae]$/],
  ['فاطمه', /^f[ae]t[ie]?m[ae]h?$/],
  ['عايشه', /^a+[iy]?[ie]?sh[ae]h?$/],
  ['مريم', /^m[ae]r[iy][ae]m$/],
  ['زينب', /^z[ae][iy]n[ae]b$/],
  ['خديجه', /^kh?ad(?:i|ee)j[ae]h?$/],
  ['نور', /^n(?:oo|ou|u)r$/],
  ['ليلي', /^l[ae][iy]l[ae]h?$/],
  ['طارق', /^t[ae]r[ei][qkc]$/],
  ['كريم', /^k[ae]r(?:i|ee)m$/],
  ['جمال', /^[gj][ae]m[ae]+l$/],
  ['جميل', /^jam(?:i|ee)l$/],
  ['كمال', /^k[ae]m[ae]+l$/],
  ['رشيد', /^r[ae]ch?sh?(?:i|ee)d$|^r[ae]sh(?:i|ee)d$/],
  ['راشد', /^ra+sh[ei]d$/],
  ['ناصر', /^n[ae]+ss?[ei]r$/],
  ['نصر', /^nas[ei]?r$/],
  ['وليد', /^w[ae]l(?:i|ee)d$/],
  ['فيصل', /^f[ae][iy]s[ae]l$/],
  ['حمزه', /^h[ae]mz[ae]h?$/],
  ['يحيي', /^y[ae]h[iy]+[ae]$|^y[ae]hya$/],
  ['موسي', /^m(?:oo|ou|u)s+[ae]$/],
  ['عيسي', /^[ei]+s+[ae]$|^aissa$/],
  ['ياسر', /^ya+ss?[ei]r$/],
  ['سمير', /^s[ae]m(?:i|ee)r$/],
  ['سامي', /^sa+m[iy]$/],
  ['ايمن', /^ay?[iy]?m[ae]n$/],
  ['ايمان', /^(?:i|ee|e)m[ae]+n$/],
  ['امين', /^am(?:i|ee)n$/],
  ['اميره', /^am(?:i|ee)r[ae]h?$/],
  ['امير', /^am(?:i|ee)r$/],
  ['منصور', /^m[ae]ns(?:oo|ou|u)r$/],
  ['عبدالله', /^abd[aeiou]l+[ae]h?$/],
]

const BY_ARABIC = new Map(ENTRIES)

/** Undefined when the Arabic word is not listed; otherwise whether the Latin word is one of its customary spellings. */
export function isCustomarySpelling(arabic: string, latin: string): boolean | undefined {
  return BY_ARABIC.get(arabic)?.test(latin)
}

/** Whether two Latin words are customary spellings of the same Arabic names; Salim can be two names, and Salem only one of them. */
export function spellOneArabicName(a: string, b: string): boolean {
  const fitting = (word: string): string =>
    ENTRIES.filter(([, pattern]) => pattern.test(word))
      .map(([arabic]) => arabic)
      .join(' ')
  const names = fitting(a)
  return names !== '' && names === fitting(b)
}
