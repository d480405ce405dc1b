/** `tamga release`: a person lets a held transfer go on. */
import { ReleaseState } from '../gen/travelrule/v1/review.ts'
import { DECIDE_USAGE, decideHold } from './client/decide.ts'
import { nameOf } from './client/json.ts'
import { CONNECTION_USAGE } from './client/profile.ts'
import type { Command } from './command.ts'

export const command: Command = {
  usage: `${DECIDE_USAGE} ${CONNECTION_USAGE}`,
  summary:
    'Shows a hold and lets its transfer go on, bound to what was shown; exit 0 only if it was released, 1 if a second person must approve.',
  run: (args, io) =>
    decideHold('release', args, io, async ({ client }, request) => {
      const { hold, transfer, state } = await client.review.proposeRelease(request)
      return { hold, transfer, state: nameOf(ReleaseState, state) }
    }),
}
