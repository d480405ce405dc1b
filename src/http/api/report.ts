/** The monthly report as CSV and as PDF. Figures and codes only: no personal data, and no script that the PDF's fonts lack. */
import { type Dashboard, FIGURES, type Figure } from '../../app/console/dashboard.ts'
import { csv } from './csv.ts'

export interface Report {
  readonly vaspId: string
  readonly month: string
  readonly madeAt: Date
  readonly madeBy: string
  readonly dashboard: Dashboard
}

export function reportCsv({ vaspId, month, madeAt, madeBy, dashboard }: Report): string {
  return csv([
    ['section', 'name', 'value', 'part', 'whole', 'unit'],
    ['report', 'vasp', vaspId],
    ['report', 'month', month],
    ['report', 'made_at', madeAt.toISOString()],
    ['report', 'made_by', madeBy],
    ...dashboard.figures.map(({ id, value, of, unit }) => ['figure', id, value, of?.part, of?.whole, unit]),
    ...dashboard.days.flatMap(({ day, outbound, inbound, holdsOpened, holdsEnded }) => [
      [`day ${day}`, 'outbound', outbound],
      [`day ${day}`, 'inbound', inbound],
      [`day ${day}`, 'holds_opened', holdsOpened],
      [`day ${day}`, 'holds_ended', holdsEnded],
    ]),
    ...dashboard.holdsByReason.flatMap(({ reason, opened, open, released, rejected, overdue }) => [
      [`reason ${reason}`, 'opened', opened],
      [`reason ${reason}`, 'open', open],
      [`reason ${reason}`, 'released', released],
      [`reason ${reason}`, 'rejected', rejected],
      [`reason ${reason}`, 'overdue', overdue],
    ]),
  ])
}

const MARGIN = 56
const VALUE_AT = 400

/** The library is loaded with the first report: it takes as much memory as the rest of the console's API. */
export async function reportPdf({ vaspId, month, madeAt, madeBy, dashboard }: Report): Promise<Buffer> {
  const { default: Pdf } = await import('pdfkit')
  const document = new Pdf({
    size: 'A4',
    margin: MARGIN,
    info: { Title: `Travel Rule report ${vaspId} ${month}`, Author: 'Tamga', CreationDate: madeAt },
  })
  const bytes = collected(document)
  document.fontSize(18).text(`Travel Rule report, ${month}`).moveDown(0.3)
  document.fontSize(10).text(`VASP ${vaspId}. Made at ${madeAt.toISOString()} by ${madeBy}.`)
  document.text(
    `From ${dashboard.from} up to and without ${dashboard.to}, days in UTC. docs/console.md defines each figure.`,
  )
  heading(document, 'Figures')
  for (const figure of dashboard.figures)
    line(document, `${figure.id}: ${FIGURES[figure.id]}`, valueText(figure))
  heading(document, 'Holds by reason: opened, open, released, rejected, overdue')
  for (const { reason, opened, open, released, rejected, overdue } of dashboard.holdsByReason)
    line(document, reason, [opened, open, released, rejected, overdue].join('  '))
  heading(document, 'Days: outbound, inbound, holds opened, holds ended')
  for (const { day, outbound, inbound, holdsOpened, holdsEnded } of dashboard.days)
    line(document, day, [outbound, inbound, holdsOpened, holdsEnded].join('  '))
  document.end()
  return bytes
}

function heading(document: PDFKit.PDFDocument, text: string): void {
  document.moveDown(1).fontSize(13).text(text, MARGIN).moveDown(0.3).fontSize(10)
}

function line(document: PDFKit.PDFDocument, label: string, value: string): void {
  // A label and its value stand on one line: both on the next page where the first would.
  if (document.y > document.page.height - MARGIN * 1.5) document.addPage()
  const { y } = document
  document.text(label, MARGIN, y, { width: VALUE_AT - MARGIN - 10 })
  const below = document.y
  document.text(value, VALUE_AT, y)
  document.x = MARGIN
  document.y = Math.max(below, document.y)
}

function valueText({ unit, value, of }: Figure): string {
  if (value === undefined) return 'none to count'
  if (unit === 'ratio') return `${(value * 100).toFixed(1)} %  (${of?.part ?? 0} of ${of?.whole ?? 0})`
  return unit === 'ms' ? `${(value / 1000).toFixed(1)} s` : String(value)
}

function collected(document: PDFKit.PDFDocument): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    document.on('data', (part: Buffer) => parts.push(part))
    document.on('end', () => resolve(Buffer.concat(parts)))
    document.on('error', reject)
  })
}
