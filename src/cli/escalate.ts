/** `tamga escalate`: leaves a hold to the MLRO. */
import { HoldLevel } from '../gen/travelrule/v1/common.ts'
import { actOnHold } from './client/act.ts'
import { CONNECTION_USAGE } from './client/profile.ts'
import type { Command } from './command.ts'

export const command: Command = {
  usage: `HOLD --person SUBJECT --note TEXT [--request-id ID] ${CONNECTION_USAGE}`,
  summary: 'Leaves a hold to the MLRO and deputies; from then on nobody else decides on it.',
  run: (args, io) =>
    actOnHold('escalate', ['note'], args, io, ({ client }, request, { note = '' }) =>
      client.review.escalateHold({ ...request, to: HoldLevel.MLRO, note }),
    ),
}
