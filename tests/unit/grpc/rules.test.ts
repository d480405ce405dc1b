import { describe, expect, it } from 'vitest'
import { CALLER_ROLES } from '../../../src/app/gateway.ts'
import { CounterpartyServiceService } from '../../../src/gen/travelrule/v1/counterparty.ts'
import { EvidenceServiceService } from '../../../src/gen/travelrule/v1/evidence.ts'
import { InboundServiceService } from '../../../src/gen/travelrule/v1/inbound.ts'
import { PersonServiceService } from '../../../src/gen/travelrule/v1/person.ts'
import { PolicyServiceService } from '../../../src/gen/travelrule/v1/policy.ts'
import { ReviewServiceService } from '../../../src/gen/travelrule/v1/review.ts'
import { TransferServiceService } from '../../../src/gen/travelrule/v1/transfer.ts'
import { WalletServiceService } from '../../../src/gen/travelrule/v1/wallet.ts'
import { WebhookServiceService } from '../../../src/gen/travelrule/v1/webhook.ts'
import { mayCall, RULES } from '../../../src/grpc/rules.ts'
import { contractRpcs } from './contract.ts'

const DEFINITIONS = [
  TransferServiceService,
  InboundServiceService,
  ReviewServiceService,
  CounterpartyServiceService,
  EvidenceServiceService,
  WalletServiceService,
  WebhookServiceService,
  PersonServiceService,
  PolicyServiceService,
]
const generated: string[] = DEFINITIONS.flatMap((service) => Object.values(service).map(({ path }) => path))
const ours = Object.keys(RULES).filter((path) => path.startsWith('/travelrule.'))

describe('the rules for who may call what', () => {
  it('name every RPC of every service, and no other', () => {
    expect(ours.toSorted()).toEqual(generated.toSorted())
    expect(ours.toSorted()).toEqual(
      contractRpcs()
        .map((rpc) => rpc.path)
        .toSorted(),
    )
  })

  it.each(contractRpcs())('let in to $service $name whom its service comment names', ({ path, roles }) => {
    expect(roles.length).toBeGreaterThan(0)
    const letIn = CALLER_ROLES.filter((role) => mayCall(role, path))
    expect(letIn.toSorted()).toEqual(roles.toSorted())
  })

  it.each(['', '/', '/travelrule.v1.TransferService/Nothing', 'constructor', '__proto__'])(
    'let nobody in to %j',
    (path) => {
      expect(CALLER_ROLES.filter((role) => mayCall(role, path))).toEqual([])
    },
  )
})
