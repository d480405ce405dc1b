/** Whom counterparties and parties are checked against. */
import type { z } from 'zod'
import { path } from './setting.ts'

export const sourceSettings = {
  TAMGA_DIRECTORIES_FILE: path
    .optional()
    .describe('JSON file with the registers and directories that counterparties are checked against'),
  TAMGA_SCREENING_FILE: path
    .optional()
    .describe('JSON file with the providers of sanctions and blockchain screening that policies name'),
}
type Settings = z.infer<z.ZodObject<typeof sourceSettings>>

export interface SourceConfig {
  readonly directoriesFile?: string
  readonly screeningFile?: string
}

export function sourcesOf(e: Settings): SourceConfig {
  return {
    ...(e.TAMGA_DIRECTORIES_FILE !== undefined && { directoriesFile: e.TAMGA_DIRECTORIES_FILE }),
    ...(e.TAMGA_SCREENING_FILE !== undefined && { screeningFile: e.TAMGA_SCREENING_FILE }),
  }
}
