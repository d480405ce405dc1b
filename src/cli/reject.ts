/** `tamga reject`: a person ends a held transfer. */
import { DECIDE_USAGE, decideHold } from './client/decide.ts'
import { CONNECTION_USAGE } from './client/profile.ts'
import type { Command } from './command.ts'

export const command: Command = {
  usage: `${DECIDE_USAGE} ${CONNECTION_USAGE}`,
  summary: 'Shows a hold and ends its transfer because of it; the counterparty is told the reason code.',
  run: (args, io) =>
    decideHold('reject', args, io, async ({ client }, request) => ({
      ...(await client.review.rejectHeldTransfer(request)),
      state: 'REJECTED',
    })),
}
