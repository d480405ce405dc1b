/** The story's table, for people: what was tried, what had to happen, what happened. */
import type { Line, Outcome } from './scene.ts'

const COLUMNS = [
  { title: 'what was tried', width: 46 },
  { title: 'what had to happen', width: 42 },
  { title: 'what happened', width: 42 },
  { title: 'ok', width: 5 },
] as const

export function tableHead(): string {
  return `${row(COLUMNS.map(({ title }) => [title]))}\n${COLUMNS.map(({ width }) => '─'.repeat(width)).join('─┼─')}`
}

export function themeHead(title: string): string {
  return `\n${title}`
}

export function tableLine({ title, expected, happened, ok }: Line): string {
  return row([wrap(title, COLUMNS[0].width), said(expected, 1), said(happened, 2), [ok ? 'ok' : 'WRONG']])
}

/** One thing a line, so that both columns can be compared at a glance. */
function said(outcome: Outcome, column: 1 | 2): string[] {
  return Object.entries(outcome).flatMap(([what, value]) => wrap(`${what}: ${value}`, COLUMNS[column].width))
}

function row(cells: readonly (readonly string[])[]): string {
  const height = Math.max(...cells.map((lines) => lines.length))
  return Array.from({ length: height }, (_, line) =>
    COLUMNS.map(({ width }, column) => (cells[column]?.[line] ?? '').padEnd(width))
      .join(' │ ')
      .trimEnd(),
  ).join('\n')
}

/** Lines of at most `width` characters, broken at spaces where there are any; continued ones are indented. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (longer.length <= width) {
      line = longer
      continue
    }
    if (line !== '') lines.push(line)
    line = `  ${word}`
    while (line.length > width) {
      lines.push(line.slice(0, width))
      line = `  ${line.slice(width)}`
    }
  }
  return [...lines, line]
}
