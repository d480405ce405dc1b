/** What a VASP without anything against it answers to `tamga-ddq/1`. */
export const ANSWERS = {
  primary_national_jurisdiction: 'LU',
  primary_regulator: 'CSSF',
  shell_vasp: 'no',
  must_comply_travel_rule: 'yes',
  safeguards_pii: 'yes',
  conducts_customer_kyc: 'yes',
  sanctions_screening: 'yes',
  has_required_regulatory_program: 'yes',
  anonymity_enhanced_assets: 'no',
}
