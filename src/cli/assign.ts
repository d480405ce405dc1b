/** `tamga assign`: who works on a hold. */
import { actOnHold } from './client/act.ts'
import { CONNECTION_USAGE } from './client/profile.ts'
import type { Command } from './command.ts'

export const command: Command = {
  usage: `HOLD --person SUBJECT [--to SUBJECT] [--request-id ID] ${CONNECTION_USAGE}`,
  summary: 'Gives a hold to a person; without --to, to nobody.',
  run: (args, io) =>
    actOnHold('assign', [], args, io, ({ client }, request, { to = '' }) =>
      client.review.assignHold({ ...request, assignee: to }),
    ),
}
