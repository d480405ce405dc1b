/** Repeated failure of a counterparty: how it is counted, and what people decide about it. */
import { describe, expect, test } from 'vitest'
import { findFailing } from '../../src/app/failing.ts'
import { bob, DAY, findings, keepLosses, officers, policy, world } from '../support/diligence.ts'
import { authorize, call, seen } from '../support/two-gateways.ts'

describe('failures', () => {
  test('are counted by their definitions, in the period, from what was recorded', async () => {
    const from = world.clock.now()
    world.clock.forward(1)
    const answered = await authorize(world)
    await world.settle()
    world.cut = true
    keepLosses()
    const silent = await authorize(world)
    world.cut = false
    await world.later(1_000)
    world.clock.forward(1)
    const { figures, basis, counterparty, steps } = await officers().report(
      { vaspId: 'alice', role: 'auditor' },
      'bob',
      from,
      world.clock.now(),
    )
    const value = Object.fromEntries(figures.map((figure) => [figure.name, figure.value]))
    expect(value).toMatchObject({
      outbound_sent: 2,
      outbound_answered: 1,
      silent: 1,
      late: 0,
      missing: 0,
      failures: 1,
      failure_percent: 50,
    })
    expect((await seen(world.alice, answered)).transfer.state).toBe('accepted')
    expect((await seen(world.alice, silent)).transfer.state).toBe('expired')
    expect(figures.every(({ definition }) => definition.length > 10)).toBe(true)
    expect(basis.join()).toContain('17(2)')
    expect(counterparty.id).toBe('bob')
    expect(steps).toEqual([])
  })

  test('that repeat hold what comes, ask a person, and are judged from then on', async () => {
    policy({ failures: { windowDays: 30, failures: 1, percent: 1 } })
    const from = new Date(world.clock.now().getTime() - 3_600_000)
    await Promise.all([findFailing(world.alice.parts()), findFailing(world.alice.parts())])
    world.alice.restart()
    const { tasks } = await bob()
    expect(tasks).toMatchObject([{ kind: 'REPEATED_FAILURE', state: 'open', finding: { silent: 1 } }])
    const [task] = tasks
    if (task === undefined) throw new Error('there is a task')
    expect(task.deadline.getTime() - task.openedAt.getTime()).toBe(90 * DAY * 1000)
    const held = await authorize(world)
    expect(await findings(held)).toEqual(['POLICY REPEATED_FAILURE'])
    const decide = (decision: 'WARN' | 'ACCEPT_KEYS', person = 'ann') =>
      officers().decideTask(call('alice'), task.id, {
        decision,
        reason: 'LETTER_SENT',
        reference: 'L-7',
        person,
      })
    await expect(decide('ACCEPT_KEYS')).rejects.toMatchObject({ code: 'TASK_DECISION_UNFIT' })
    await decide('WARN')
    await expect(decide('WARN')).rejects.toMatchObject({ code: 'TASK_DONE' })
    world.alice.restart()
    world.clock.forward(1)
    await findFailing(world.alice.parts())
    expect((await bob()).tasks).toEqual([])
    expect(await findings(await authorize(world))).toEqual([])
    const report = await officers().report(
      { vaspId: 'alice', role: 'auditor' },
      'bob',
      from,
      new Date(Date.now() + 40 * DAY * 1000),
    )
    expect(report.steps.map(({ kind }) => kind)).toEqual([
      'counterparty.failing',
      'counterparty.task-decided',
    ])
    expect(report.steps[1]?.data).toMatchObject({ decision: 'WARN', reference: 'L-7' })
    expect(report.reportBy?.getTime()).toBe(task.deadline.getTime())
    policy({})
  })
})
