/** Compiles the catalogues of src/i18n (ICU MessageFormat, JSON) while building, so that no parser is shipped to the browser. */
import { readFileSync } from 'node:fs'
import { compileMessage } from '@lingui/message-utils/compileMessage'
import type { Plugin } from 'vite'

const CATALOGUE = /\/src\/i18n\/[a-z]{2}\.json$/

export function compiledMessages(): Plugin {
  return {
    name: 'tamga:compiled-messages',
    enforce: 'pre',
    load(id) {
      if (!CATALOGUE.test(id)) return undefined
      const messages = JSON.parse(readFileSync(id, 'utf8')) as Record<string, string>
      const compiled = Object.entries(messages).map(([key, text]) => [key, compileMessage(text)] as const)
      return { code: JSON.stringify(Object.fromEntries(compiled)), moduleType: 'json' }
    },
  }
}
