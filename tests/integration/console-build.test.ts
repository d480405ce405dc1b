/** The console as it is built: what a browser must load first, and that nothing comes from elsewhere. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build, type Manifest } from 'vite'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { HOLD_REASONS } from '../../src/domain/hold/hold.ts'
import { REASONS } from '../../src/domain/names/index.ts'

const dist = mkdtempSync(join(tmpdir(), 'tamga-console-'))

beforeAll(async () => {
  // The libraries' development builds are several times as large, and vitest asks for those.
  vi.stubEnv('NODE_ENV', 'production')
  const root = join(import.meta.dirname, '../../console')
  await build({ root, configFile: join(root, 'vite.config.ts'), logLevel: 'error', build: { outDir: dist } })
})

afterAll(() => rmSync(dist, { recursive: true }))

const read = (file: string) => readFileSync(join(dist, file), 'utf8')

const manifestOf = (text: string): Manifest => JSON.parse(text)

/** Scripts that a page needs: its own and all that they import, not what they may import later. */
function scripts(manifest: Manifest, ...pages: string[]): ReadonlySet<string> {
  const found = new Set<string>()
  const visit = (name: string) => {
    const chunk = manifest[name]
    if (chunk === undefined || found.has(chunk.file)) return
    found.add(chunk.file)
    for (const imported of chunk.imports ?? []) visit(imported)
  }
  for (const page of pages) visit(page)
  return found
}

const LANGUAGES = ['en', 'ru', 'kk']

it.each(LANGUAGES)('loads less than 250 kB of gzipped script to sign in and see a queue (%s)', (locale) => {
  const manifest = manifestOf(read('.vite/manifest.json'))
  const files = scripts(
    manifest,
    'index.html',
    `src/i18n/${locale}.json`,
    'src/pages/sign-in/sign-in.tsx',
    'src/pages/holds/holds.tsx',
  )
  expect(files.size).toBeGreaterThan(4)
  const bytes = [...files].reduce((sum, file) => sum + gzipSync(read(file)).length, 0)
  expect(bytes).toBeLessThan(250_000)
})

it('has no inline script or style, and no address of another host', () => {
  const page = read('index.html')
  expect(page).not.toMatch(/<style|<script(?![^>]* src="\/)|(?:src|href)="(?!\/)/)
  const sheets = readdirSync(join(dist, 'assets')).filter((file) => file.endsWith('.css'))
  expect(sheets.length).toBeGreaterThan(0)
  for (const sheet of sheets) expect(read(`assets/${sheet}`)).not.toMatch(/url\((?!data:)|@import/)
})

it.each(LANGUAGES)('names in %s every reason of a hold, and why names differ', (locale) => {
  const messages: Record<string, string> = JSON.parse(readFileSync(`console/src/i18n/${locale}.json`, 'utf8'))
  const wanted = [
    ...HOLD_REASONS.flatMap((reason) => [`reason.${reason}`, `reason.${reason}.text`]),
    ...Object.keys(REASONS).map((code) => `nameReason.${code}`),
  ]
  expect(wanted.filter((id) => messages[id] === undefined)).toEqual([])
})
