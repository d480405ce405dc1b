/** The story of the gate: everything that it promises, tried out on real processes. */
import type { Theme } from './scene.ts'
import { answers } from './scenes/answers.ts'
import { callers } from './scenes/callers.ts'
import { clocks } from './scenes/clocks.ts'
import { deposits } from './scenes/deposits.ts'
import { envelopes } from './scenes/envelopes.ts'
import { holds } from './scenes/holds.ts'
import { keys } from './scenes/keys.ts'
import { otherSides } from './scenes/other-sides.ts'
import { outages } from './scenes/outages.ts'
import { permits } from './scenes/permits.ts'
import { screening } from './scenes/screening.ts'
import { straightThrough } from './scenes/straight-through.ts'
import { webhooks } from './scenes/webhooks.ts'

export const STORY: readonly Theme[] = [
  straightThrough,
  callers,
  holds,
  screening,
  deposits,
  otherSides,
  answers,
  permits,
  envelopes,
  webhooks,
  clocks,
  keys,
  outages,
]
