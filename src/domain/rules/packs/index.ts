/** Every rule pack this release ships, as data; `loadPacks` checks and prepares them. */
import type { PackData } from '../pack.ts'
import { AE_ADGM, AE_CBUAE, AE_VARA } from './ae.ts'
import { AU } from './au.ts'
import { BH } from './bh.ts'
import { BM } from './bm.ts'
import { BR } from './br.ts'
import { CA } from './ca.ts'
import { CH } from './ch.ts'
import { EU_TFR } from './eu.ts'
import { FATF_R16_2019, FATF_R16_2025 } from './fatf.ts'
import { GB_2023, GB_2026 } from './gb.ts'
import { GI } from './gi.ts'
import { HK, HK_STABLECOIN } from './hk.ts'
import { IL } from './il.ts'
import { IN } from './in.ts'
import { JP } from './jp.ts'
import { KR_2022, KR_2026 } from './kr.ts'
import { KY } from './ky.ts'
import { KZ_AIFC, KZ_ONSHORE } from './kz.ts'
import { LI } from './li.ts'
import { PH } from './ph.ts'
import { SG } from './sg.ts'
import { TR } from './tr.ts'
import { US } from './us.ts'
import { ZA } from './za.ts'

export const PACK_DATA: readonly PackData[] = [
  FATF_R16_2019,
  FATF_R16_2025,
  KZ_AIFC,
  KZ_ONSHORE,
  EU_TFR,
  GB_2026,
  GB_2023,
  US,
  CH,
  SG,
  HK,
  HK_STABLECOIN,
  AE_VARA,
  AE_CBUAE,
  AE_ADGM,
  JP,
  KR_2022,
  KR_2026,
  TR,
  CA,
  AU,
  ZA,
  BH,
  BM,
  BR,
  GI,
  IL,
  IN,
  KY,
  LI,
  PH,
]
