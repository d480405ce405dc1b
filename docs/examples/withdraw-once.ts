/** Runs the exchange's example against the demo: node docs/examples/withdraw-once.ts [PROFILE] */
import { randomBytes, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { withdraw } from './exchange.ts'

const PAYLOAD = join(import.meta.dirname, '../../tests/vectors/ivms101/payloads/2023-base.json')

const {
  state,
  decision,
  transfer_id: id,
} = await withdraw(
  process.argv[2] ?? 'data/profiles/alice-integrator.json',
  {
    id: `withdrawal-${randomUUID()}`,
    asset: 'eip155:1/slip44:60',
    amount: '1.5',
    destination: 'eip155:1:0xb0b0000000000000000000000000000000000001',
    worth: { amount: '4200.00', currency: 'USD' },
    counterparty: { vasp_id: 'bob' },
    identity: readFileSync(PAYLOAD, 'utf8'),
  },
  // Here the exchange's signer would send the transaction.
  async () => `0x${randomBytes(32).toString('hex')}`,
)
console.log(`${id} ${state} ${decision}`)
