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

export type DeskName = keyof typeof DESKS

/** The CAIP-10 account at bob's that leads to a desk. */
export function deskAddress(name: DeskName): string {
  return `eip155:1:0xb0b0000000000000000000000000000000000${DESKS[name].number.toString(16).padStart(3, '0')}`
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
    switch (deskOf(destination)) {
      case 'leaves':
        return
      case 'rejects':
        await client.inbound.rejectTransfer({ requestId, transferId, code: 'BENEFICIARY_NAME_UNMATCHED' })
        return
      case 'repairs':
        if (asked.has(transferId)) break
        await client.inbound.requestRepair({ requestId, transferId, fields: [REPAIR_ASKED] })
        asked.add(transferId)
        return
      default:
        break
    }
    await client.inbound.acceptTransfer({ requestId, transferId })
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

function deskOf(destination: string): DeskName {
  const names: readonly DeskName[] = ['accepts', 'rejects', 'repairs', 'leaves']
  return names.find((name) => deskAddress(name) === destination.toLowerCase()) ?? 'accepts'
}
