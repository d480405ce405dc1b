import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { PAGES, read, target } from './docs-page.ts'

const HELP = execFileSync(process.execPath, ['src/main.ts', 'help'], { encoding: 'utf8' })
const COMMANDS = new Set([...HELP.matchAll(/^ {2}([a-z0-9-]+)\s/gm)].map(([, name]) => name))
const SCRIPTS: Readonly<Record<string, string>> = JSON.parse(read('package.json')).scripts

describe.each(PAGES)('%s', (page) => {
  const text = read(page)

  it('links to nothing that is not there', () => {
    const broken = links(text).filter(({ file, anchor }) => {
      const { path, exists } = file === '' ? { path: page, exists: true } : target(page, file)
      return !exists || (anchor !== '' && !anchors(read(path)).has(anchor))
    })
    expect(broken).toEqual([])
  })

  it('names only commands that exist', () => {
    const named = [...code(text).matchAll(/(?:^|[\s`(])(?:bin\/)?tamga ([a-z][a-z0-9-]*)/gm)].map(
      ([, name]) => name,
    )
    expect(named.filter((name) => name !== 'help' && !COMMANDS.has(name))).toEqual([])
    const scripts = [...text.matchAll(/npm run ([a-z:]+)/g)].map(([, name]) => name ?? '')
    expect(scripts.filter((name) => !(name in SCRIPTS))).toEqual([])
  })

  it('names only files that exist', () => {
    const named = [...text.matchAll(/`((?:src|tests|docs|proto|deploy|scripts|certs|bin)\/[\w./-]+)`/g)].map(
      ([, path]) => path ?? '',
    )
    // What the deployment makes is not in the repository.
    const made = (path: string) => path.startsWith('deploy/secrets')
    expect(named.filter((path) => !made(path) && !target('.', path).exists)).toEqual([])
  })
})

it('knows the pages and the commands', () => {
  expect(PAGES.length).toBeGreaterThan(20)
  expect(COMMANDS).toContain('demo')
})

/** What the README says is not there yet, and what will be there when it is. */
const NOT_YET = [
  ['TRISA and TRP', 'src/trisa'],
  ['sanctions and blockchain screening', 'src/screening'],
  ['TRISA directory', 'src/directory/trisa.ts'],
  ['audit log and evidence over the API', 'proto/travelrule/v1/evidence.proto'],
] as const

it.each(NOT_YET)('says of "%s" that it is not there yet, as long as that is true', (words, path) => {
  const [, lacking = ''] = /## What is in the box\n([^]*?)\n## /.exec(read('README.md')) ?? []
  expect(lacking.includes(words)).toBe(!target('.', path).exists)
})

interface Link {
  readonly file: string
  readonly anchor: string
}

function links(text: string): Link[] {
  return [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link))
    .map((link) => {
      const [file = '', anchor = ''] = link.split('#')
      return { file, anchor }
    })
}

/** As GitHub makes them of headings. */
function anchors(text: string): ReadonlySet<string> {
  return new Set(
    [...withoutCode(text).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )
}

function withoutCode(text: string): string {
  return text.replace(/^```[^]*?^```/gm, '')
}

/** Fenced blocks and inline code. */
function code(text: string): string {
  const fenced = [...text.matchAll(/^```[^\n]*\n([^]*?)^```/gm)].map(([, block]) => block)
  const inline = [...withoutCode(text).matchAll(/`([^`\n]+)`/g)].map(([, words]) => words)
  return [...fenced, ...inline].join('\n')
}
