/** The console's API: every endpoint by its operation id. */
import { COUNTERPARTIES } from './contract/counterparties.ts'
import { HOLDS } from './contract/holds.ts'
import { HOUSE } from './contract/house.ts'
import { POLICIES } from './contract/policies.ts'
import { RETENTION } from './contract/retention.ts'
import { SESSION } from './contract/session.ts'
import { TRANSFERS } from './contract/transfers.ts'

export const CONTRACT = {
  ...SESSION,
  ...HOLDS,
  ...TRANSFERS,
  ...COUNTERPARTIES,
  ...POLICIES,
  ...RETENTION,
  ...HOUSE,
}
