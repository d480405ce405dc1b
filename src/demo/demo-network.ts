/** The network of the demo and its story: gateways that know each other, robots, and bob's back office. */

import { join, resolve } from 'node:path'
import { ALICE, BOB, ROBOT_IDS } from '../local/demo-vasps.ts'
import { connectAs, introduceAll, introduceRobot } from '../local/introduce.ts'
import { type Network, type NetworkVasp, startNetwork } from '../local/network.ts'
import { type Robot, startRobot } from '../sim/robot.ts'
import { openBackOffice } from './back-office.ts'

export interface DemoNetwork {
  readonly network: Network
  /** `robot`, whom everybody has verified. */
  readonly robot: Robot
  /** `mallory`, the robot's accomplice; verified too. */
  readonly mallory: Robot
  /** A further robot, one of `strangers`, that nobody knows yet. */
  stranger(id: string): Promise<Robot>
  /** Stops everything in reverse order. */
  stop(): Promise<void>
}

export interface DemoOptions {
  readonly directory: string
  /** DEMO_VASPS unless said otherwise; bob must be among them. */
  readonly vasps?: readonly NetworkVasp[]
  /** Ids of robots that may join later. */
  readonly strangers?: readonly string[]
  /** With a web console at each gateway. */
  readonly consoles?: boolean
}

/** A missing receipt shows after two seconds instead of a minute: at a demo, somebody is looking. */
const IMPATIENT_ALICE: NetworkVasp = { ...ALICE, policy: { ...ALICE.policy, unreachableSeconds: 2 } }
export const DEMO_VASPS: readonly NetworkVasp[] = [IMPATIENT_ALICE, BOB]

export async function startDemo(options: DemoOptions): Promise<DemoNetwork> {
  const { vasps = DEMO_VASPS, strangers = [], consoles = false } = options
  const directory = resolve(options.directory)
  const network = await startNetwork({
    directory,
    vasps,
    robots: [...ROBOT_IDS, ...strangers],
    consoles,
  })
  const started: { stop(): Promise<unknown> }[] = [network]
  const stop = async () => {
    for (const part of started.toReversed()) await part.stop()
  }
  const enter = async (id: string, accomplice?: Robot): Promise<Robot> => {
    const robot = await startRobot({
      id,
      directory: join(directory, 'robots', id),
      nats: { servers: [network.nats.url], password: network.natsPassword(id), tls: { ca: network.natsCa } },
      ...(accomplice !== undefined && { accomplice }),
    })
    started.push({ stop: () => robot.close() })
    return robot
  }
  try {
    const mallory = await enter('mallory')
    const robot = await enter('robot', mallory)
    await introduceAll(network)
    for (const one of [mallory, robot]) await introduceRobot(network, one)
    const office = connectAs(network.profile('bob', 'integrator'))
    const backOffice = openBackOffice(office, join(directory, 'bob', 'back-office-cursor'))
    started.push({ stop: () => backOffice.stop().then(() => office.close()) })
    return { network, robot, mallory, stranger: (id) => enter(id), stop }
  } catch (error) {
    await stop()
    throw error
  }
}
