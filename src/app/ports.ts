/** What the use cases need from the outside world, named by need, with what each promises. */
export type * from './ports/counterparties.ts'
export { RECENT_MILLISECONDS_MAX } from './ports/counterparties.ts'
export type * from './ports/messages.ts'
export type * from './ports/screening.ts'
export { ScreeningUnavailable } from './ports/screening.ts'
export type * from './ports/sealing.ts'
export type * from './ports/time.ts'
export type * from './ports/transfers.ts'
