/** Who may call what, and what happens when a call is said twice. */
import { randomUUID } from 'node:crypto'
import { connectAs } from '../../local/introduce.ts'
import { scene, type Theme } from '../scene.ts'
import { refusedCall, statusOf } from '../words.ts'

export const callers: Theme = {
  title: 'Callers and repeated calls',
  scenes: [
    scene({
      title: 'the same request_id twice, and once with other content',
      expect: {
        first: 'ACCEPTED, PROCEED',
        'same again': 'the same transfer and permit',
        'other content': 'ALREADY_EXISTS REQUEST_ID_REUSED',
        'transfers made': 1,
      },
      async play({ alice, query }) {
        const requestId = randomUUID()
        const first = await alice.authorize({ to: 'bob', requestId })
        const again = await alice.authorize({ to: 'bob', requestId })
        const refused = await refusedCall(alice.authorize({ to: 'bob', requestId, amount: '2.5' }))
        const same = first.transferId === again.transferId && first.permit === again.permit
        const made = await query('alice', 'select resource_id from idempotency where request_id = $1', [
          requestId,
        ])
        return {
          first: statusOf(first),
          'same again': same ? 'the same transfer and permit' : 'another',
          'other content': said(refused),
          'transfers made': made.length,
        }
      },
    }),
    scene({
      title: 'eight calls with one request_id at once',
      expect: {
        'transfers made': 1,
        'other answers': 'ABORTED REQUEST_IN_FLIGHT',
        'called again': 'the same transfer',
      },
      async play({ alice }) {
        const order = { to: 'bob', requestId: randomUUID(), waitSeconds: 0 }
        const calls = await Promise.allSettled(Array.from({ length: 8 }, () => alice.authorize(order)))
        const made = new Set(
          calls.flatMap((call) => (call.status === 'fulfilled' ? call.value.transferId : [])),
        )
        const others = await Promise.all(
          calls.flatMap((call) =>
            call.status === 'rejected' ? refusedCall(Promise.reject(call.reason)) : [],
          ),
        )
        const again = await alice.authorize(order)
        return {
          'transfers made': made.size,
          'other answers': [...new Set(others.map(said))].join(' '),
          'called again': made.has(again.transferId) ? 'the same transfer' : 'another',
        }
      },
    }),
    scene({
      title: 'an auditor reads, and may change nothing',
      expect: {
        reads: 'ACCEPTED, PROCEED',
        cancels: 'PERMISSION_DENIED CALLER_DENIED',
        after: 'ACCEPTED, PROCEED',
      },
      async play({ alice }) {
        const { transferId } = await alice.authorize({ to: 'bob' })
        const { transfer } = await alice.auditor.transfers.getTransfer({ transferId })
        const cancel = { requestId: randomUUID(), transferId, reason: 'CUSTOMER_REQUEST' }
        const refused = await refusedCall(alice.auditor.transfers.cancelTransfer(cancel))
        return {
          reads: transfer === undefined ? 'nothing' : statusOf(transfer),
          cancels: said(refused),
          after: statusOf(await alice.get(transferId)),
        }
      },
    }),
    scene({
      title: 'bob’s certificate at alice’s gateway',
      expect: { refused: 'UNAUTHENTICATED CALLER_UNKNOWN' },
      async play({ network }) {
        const { address } = network.profile('alice', 'integrator')
        const stranger = connectAs({ ...network.profile('bob', 'integrator'), address })
        try {
          return { refused: said(await refusedCall(stranger.transfers.listTransfers({}))) }
        } finally {
          stranger.close()
        }
      },
    }),
  ],
}

function said(refused: Awaited<ReturnType<typeof refusedCall>>): string {
  return refused === undefined ? 'not refused' : `${refused.code} ${refused.reason ?? ''}`.trim()
}
