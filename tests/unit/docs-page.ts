/** Pages of documentation, and the parts of them that are compared with what the code says. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const FOLDERS = ['.', 'docs', 'docs/decisions', 'certs', 'src/domain']

/** Paths from the root of the repository. */
export const PAGES: readonly string[] = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name)),
)

export function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

/** Where a link of a page leads: a path from the root, and whether something is there. */
export function target(page: string, link: string): { readonly path: string; readonly exists: boolean } {
  const file = join(ROOT, dirname(page), link)
  return { path: relative(ROOT, file), exists: existsSync(file) }
}

/**
 * Expects the part of a page between `<!-- NAME: from CODE -->` and `<!-- end -->` to be `wanted`. With UPDATE_DOCS=1 in the
 * environment the page is written instead: `UPDATE_DOCS=1 npx vitest run --project unit tests/unit/docs`.
 */
export function expectPart(page: string, name: string, wanted: string): void {
  const text = read(page)
  const pattern = new RegExp(`(<!-- ${name}: [^\n]*-->\n)([^]*?)(<!-- end -->)`)
  const [, , part] = pattern.exec(text) ?? []
  expect(part, `${page} has a part "${name}"`).toBeDefined()
  if (process.env['UPDATE_DOCS'] === '1')
    writeFileSync(
      join(ROOT, page),
      text.replace(pattern, (_, begin: string, __, end: string) => `${begin}${wanted}\n${end}`),
    )
  else expect(part).toBe(`${wanted}\n`)
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

export function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``
}
