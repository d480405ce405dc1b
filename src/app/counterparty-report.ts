/**
 * What EU TFR 17(2) with EBA/GL/2024/11 and UK MLR 64D, 64E(5) ask for about a counterparty that repeatedly fails: who it is, the figures
 * with their definitions, the steps taken, and by when it is to be reported. No personal data of customers.
 */
import { rateRisk } from '../domain/counterparty/diligence.ts'
import { FIGURES, figuresOf } from '../domain/counterparty/failures.ts'
import type { CounterpartyReport } from './gateway.ts'
import { localVasp, type Parts } from './parts.ts'
import { loadCounterparty } from './views.ts'

const BASIS = [
  'Regulation (EU) 2023/1113, Article 17(2); EBA/GL/2024/11: report within 3 months of finding the repeated failure',
  'UK Money Laundering Regulations 2017, regulations 64D and 64E(5): report repeated failure and the steps taken to the FCA',
]

/** Throws Refusal COUNTERPARTY_NOT_FOUND. */
export async function counterpartyReport(
  parts: Parts,
  vaspId: string,
  id: string,
  from: Date,
  to: Date,
): Promise<CounterpartyReport> {
  const vasp = localVasp(parts, vaspId)
  const view = await loadCounterparty(parts, vaspId, id)
  const figures = figuresOf(await parts.diligence.figures(vaspId, id, from, to))
  const steps = await parts.diligence.steps(vaspId, id, from, to)
  const found = steps.find(({ kind }) => kind === 'counterparty.failing')
  const taskId = found?.data['task']
  const task = typeof taskId === 'string' ? await parts.diligence.task(vaspId, taskId) : undefined
  return {
    basis: BASIS,
    reporter: { vaspId, legalName: vasp.legalName, country: vasp.country, lei: vasp.lei },
    ...view,
    risk: rateRisk(view.counterparty, vasp.policy, parts.clock.now()),
    from,
    to,
    madeAt: parts.clock.now(),
    figures: Object.entries(FIGURES).map(([name, [unit, definition]]) => ({
      name,
      unit,
      definition,
      value: valueOf(figures, name),
    })),
    steps,
    foundAt: found?.at,
    reportBy: task?.deadline,
  }
}

function valueOf(figures: { readonly [name: string]: number }, name: string): number {
  return figures[name] ?? 0
}
