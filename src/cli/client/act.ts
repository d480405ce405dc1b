/** What a person does with a hold short of deciding: who has it, at which level, and that a proposal is taken back. */
import { randomUUID } from 'node:crypto'
import type { Hold, Transfer } from '../../gen/travelrule/v1/common.ts'
import type { ExitCode, Io } from '../command.ts'
import { only, readArguments, required } from './arguments.ts'
import { holdJson } from './json.ts'
import { CONNECTION_OPTIONS } from './profile.ts'
import { type Session, withGateway } from './session.ts'
import { holdLines } from './show-hold.ts'

export interface ActRequest {
  readonly requestId: string
  readonly holdId: string
  readonly person: { readonly subject: string }
}

type Answer = { readonly hold: Hold | undefined; readonly transfer: Transfer | undefined }

const OPTIONS = {
  ...CONNECTION_OPTIONS,
  person: { type: 'string' },
  to: { type: 'string' },
  note: { type: 'string' },
  'request-id': { type: 'string' },
} as const

/** `needs` names what must be given besides `--person`. */
export function actOnHold(
  name: string,
  needs: readonly ('to' | 'note')[],
  args: readonly string[],
  io: Io,
  call: (
    session: Session,
    request: ActRequest,
    given: Readonly<Partial<Record<'to' | 'note', string>>>,
  ) => Promise<Answer>,
): Promise<ExitCode> {
  const { values, positionals } = readArguments(args, OPTIONS)
  const holdId = only(name, 'hold id', positionals)
  const { person } = required(name, values, ['person', ...needs])
  const { to, note } = values
  const requestId = values['request-id'] ?? randomUUID()
  const request = { requestId, holdId, person: { subject: person } }
  return withGateway(values, 'console', io, async (session) => {
    const given = { ...(to !== undefined && { to }), ...(note !== undefined && { note }) }
    const { hold } = await call(session, request, given)
    session.answer(
      hold === undefined ? {} : { hold: holdJson(hold) },
      hold === undefined ? [] : holdLines(hold),
    )
    return 0
  })
}
