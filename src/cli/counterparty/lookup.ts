/** `tamga counterparty lookup`: which VASP something belongs to, and why. */

import type { LookupCounterpartyRequest } from '../../gen/travelrule/v1/counterparty.ts'
import { Confidence } from '../../gen/travelrule/v1/counterparty.ts'
import { readArguments } from '../client/arguments.ts'
import { HINT_OPTIONS, HINT_USAGE } from '../client/hint.ts'
import { counterpartyJson, nameOf, plainJson } from '../client/json.ts'
import { CONNECTION_OPTIONS } from '../client/profile.ts'
import { withGateway } from '../client/session.ts'
import { counterpartyLines } from '../client/show-counterparty.ts'
import type { Verb } from '../client/verbs.ts'
import { UsageError } from '../command.ts'

const OPTIONS = {
  ...CONNECTION_OPTIONS,
  ...HINT_OPTIONS,
  asset: { type: 'string' },
  destination: { type: 'string' },
  tag: { type: 'string' },
} as const

export const lookup: Verb = {
  usage: `${HINT_USAGE} | --asset CAIP19 --destination CAIP10 [--tag TAG]`,
  run(args, io) {
    const { values } = readArguments(args, OPTIONS)
    const request = { hint: oneHint(values) }
    return withGateway(values, 'console', io, async ({ client, answer }) => {
      const { counterparty, confidence, evidence } = await client.counterparties.lookupCounterparty(request)
      if (counterparty === undefined) throw new Error('the gateway answered without a counterparty')
      const named = evidence.map((one) => ({
        ...plainJson(one),
        confidence: nameOf(Confidence, one.confidence),
      }))
      answer(
        {
          counterparty: counterpartyJson(counterparty),
          confidence: nameOf(Confidence, confidence),
          evidence: named,
        },
        [
          ...counterpartyLines(counterparty).slice(0, 1),
          ...evidence.map(
            ({ kind, source, reference, confidence: worth }) =>
              `  ${nameOf(Confidence, worth).padEnd(10)}  ${kind} by ${source}: ${reference}`,
          ),
        ],
      )
      return 0
    })
  },
}

type Values = { readonly [K in keyof typeof OPTIONS]?: unknown }

function oneHint(values: Values): NonNullable<LookupCounterpartyRequest['hint']> {
  const { asset, destination, tag } = values
  const given = (
    [
      ['vaspId', values.counterparty],
      ['lei', values.lei],
      ['domain', values.domain],
      ['travelAddress', values['travel-address']],
    ] as const
  ).flatMap(([$case, value]) => (typeof value === 'string' ? [{ $case, value }] : []))
  const account =
    typeof asset === 'string' && typeof destination === 'string'
      ? [
          {
            $case: 'account' as const,
            value: { asset, destination, destinationTag: typeof tag === 'string' ? tag : '' },
          },
        ]
      : []
  const [hint, ...more] = [...given, ...account]
  if (hint === undefined || more.length > 0)
    throw new UsageError(`counterparty lookup takes one of ${lookup.usage}`)
  return hint
}
