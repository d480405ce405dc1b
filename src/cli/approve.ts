/** `tamga approve`: a second person lets a held transfer go on. */
import { APPROVE_USAGE, decideHold } from './client/decide.ts'
import { CONNECTION_USAGE } from './client/profile.ts'
import type { Command } from './command.ts'

export const command: Command = {
  usage: `${APPROVE_USAGE} ${CONNECTION_USAGE}`,
  summary:
    'Shows a hold with its proposed release and approves it, as another natural person than the proposer.',
  run: (args, io) =>
    decideHold('approve', args, io, async ({ client }, { requestId, holdId, person, note, seenHash }) => ({
      ...(await client.review.approveRelease({ requestId, holdId, person, note, seenHash })),
      state: 'RELEASED',
    })),
}
