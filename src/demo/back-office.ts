/**
 * Bob's back office: it watches for inbound transfers and decides on each by the address that it goes to. An example of how to use
 * InboundService: resume from the last cursor that was worked on, and name each decision so that saying it twice is harmless.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Direction } from '../gen/travelrule/v1/common.ts'
import type { WatchInboundResponse } from '../gen/travelrule/v1/inbound.ts'
import { type GatewayClient, GatewayError } from '../grpc/client.ts'

interface Desk {
  /** Last two hex digits of the address. */
  readonly number: number
  readonly does: string
  readonly outcome: string
}

/** What the back office does, by address; every address that is not among them is accepted. */
export const DESKS = {
  accepts: { number: 0x01, does: 'accepts', outcome: 'PROCEED' },
  rejects: { number: 0x02, does: 'rejects with BENEFICIARY_NAME_UNMATCHED', outcome: 'STOP' },
  repairs: {
    number: 0x03,
    does: 'asks for another birth date, then accepts',
    outcome: 'WAIT in REPAIR; PROCEED after RepairTransfer',
  },
  leaves: { number: 0x04, does: 'leaves it alone', outcome: 'WAIT; STOP at the review deadline' },
} as const satisfies Record<string, Desk>

/** The CAIP-10 account at bob's that leads to a desk. */
export function deskAddress({ number }: Pick<Desk, 'number'>): string {
  return `eip155:1:0xb0b00000000000000000000000000000000000${number.toString(16).padStart(2, '0')}`
}

export const REPAIR_ASKED = {
  path: '/originator/originatorPerson/0/naturalPerson/dateAndPlaceOfBirth/dateOfBirth',
  code: 'DATE_DIFFERS',
  message: 'the date of birth differs from our records; check it',
}

export interface BackOffice {
  /** Ends the stream; resolves when the last decision was made. */
  stop(): Promise<void>
}

const AGAIN_AFTER_MILLISECONDS = 200

export function openBackOffice(client: GatewayClient, cursorFile: string): BackOffice {
  const stopping = new AbortController()
  const asked = new Set<string>()

  async function decide({ transfer, decisionAwaited }: WatchInboundResponse): Promise<void> {
    if (transfer === undefined || !decisionAwaited || transfer.direction !== Direction.INBOUND) return
    const { transferId, version, destination } = transfer
    const requestId = `back-office-${transferId}-${version}`
    const desk = deskAt(destination)
    if (desk === DESKS.leaves) return
    if (desk === DESKS.rejects) {
      await client.inbound.rejectTransfer({ requestId, transferId, code: 'BENEFICIARY_NAME_UNMATCHED' })
    } else if (desk === DESKS.repairs && !asked.has(transferId)) {
      await client.inbound.requestRepair({ requestId, transferId, fields: [REPAIR_ASKED] })
      asked.add(transferId)
    } else await client.inbound.acceptTransfer({ requestId, transferId })
  }

  async function watch(): Promise<void> {
    const cursor = existsSync(cursorFile) ? readFileSync(cursorFile, 'utf8') : ''
    for await (const message of client.inbound.watchInbound({ cursor }, { signal: stopping.signal })) {
      await decide(message).catch((error: unknown) => {
        // Decided meanwhile, as by a clock or a person.
        if (!(error instanceof GatewayError && error.code === 'FAILED_PRECONDITION')) throw error
      })
      writeFileSync(cursorFile, message.cursor, { mode: 0o600 })
    }
  }

  const watching = (async () => {
    while (!stopping.signal.aborted) {
      // The gateway may be down: the cursor of the last message that was worked on leads on.
      await watch().catch(() => undefined)
      await sleep(AGAIN_AFTER_MILLISECONDS, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  })()

  return {
    async stop() {
      stopping.abort()
      await watching
    },
  }
}

function deskAt(address: string): Desk {
  const desks: readonly Desk[] = Object.values(DESKS)
  return desks.find((desk) => deskAddress(desk) === address.toLowerCase()) ?? DESKS.accepts
}
