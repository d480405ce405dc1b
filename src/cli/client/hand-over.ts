/** Everything that one person works on, given to another: at the end of a shift, or when somebody falls ill. */
import { randomUUID } from 'node:crypto'
import { HoldState } from '../../gen/travelrule/v1/common.ts'
import { readArguments, required } from './arguments.ts'
import { CONNECTION_OPTIONS } from './profile.ts'
import { withGateway } from './session.ts'
import type { Verb } from './verbs.ts'

const PAGE = 200

export const handOver: Verb = {
  usage: '--from SUBJECT --to SUBJECT --person SUBJECT',
  run(args, io) {
    const { values } = readArguments(args, {
      ...CONNECTION_OPTIONS,
      person: { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string' },
    })
    const { from, to, person } = required('holds hand-over', values, ['from', 'to', 'person'])
    return withGateway(values, 'console', io, async ({ client, answer }) => {
      const given: string[] = []
      for (;;) {
        // Always the first page: what was given away is no longer on it.
        const { holds } = await client.review.listHolds({
          pageSize: PAGE,
          assignee: from,
          states: [HoldState.OPEN],
        })
        for (const { holdId } of holds) {
          const request = { requestId: randomUUID(), holdId, person: { subject: person }, assignee: to }
          await client.review.assignHold(request)
          given.push(holdId)
        }
        if (holds.length < PAGE || from === to) break
      }
      answer({ holds: given, from, to }, [`${given.length} hold(s) of ${from} given to ${to}`, ...given])
      return 0
    })
  },
}
