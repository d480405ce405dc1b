/** What the gateway is made of: exact versions, from one registry, and none below a version with a known hole. */
import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { read } from './docs-page.ts'

const Lock = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      resolved: z.string().optional(),
      integrity: z.string().optional(),
      link: z.boolean().optional(),
      inBundle: z.boolean().default(false),
    }),
  ),
})
const packages = Object.entries(Lock.parse(JSON.parse(read('package-lock.json'))).packages)
  .filter(([path, { link }]) => path.includes('node_modules/') && link !== true)
  .map(([path, about]) => ({ name: path.replace(/^.*node_modules\//, ''), ...about }))

/** The first version without the hole. */
const FLOORS: Readonly<Record<string, readonly [floor: string, why: string]>> = {
  '@grpc/grpc-js': ['1.14.4', 'a malformed :path or frame ended the process; CVE-2024-37168 before'],
  protobufjs: [
    '7.5.6',
    'CVE-2026-41242, CVE-2026-44291, CVE-2026-44288: code execution and prototype pollution',
  ],
  nats: ['2.29.3', 'the version that the contract tests run on'],
}

describe('dependencies', () => {
  it('are pinned exactly', () => {
    const Package = z.object({
      dependencies: z.record(z.string(), z.string()),
      devDependencies: z.record(z.string(), z.string()),
    })
    const { dependencies, devDependencies } = Package.parse(JSON.parse(read('package.json')))
    const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
    )
    expect(loose).toEqual([])
  })

  it('come from the registry of the client’s settings, each with its digest', () => {
    expect(packages.length).toBeGreaterThan(50)
    const elsewhere = packages.filter(
      ({ resolved }) => resolved?.startsWith('https://registry.npmjs.org/') === false,
    )
    // What a package brings along within itself is covered by that package's digest.
    const undigested = packages.filter(
      ({ integrity, inBundle }) => !inBundle && integrity?.startsWith('sha512-') !== true,
    )
    expect([...elsewhere, ...undigested].map(({ name }) => name)).toEqual([])
  })

  it.each(Object.entries(FLOORS))('include no %s below its floor', (name, [floor]) => {
    const found = packages.filter((one) => one.name === name).map(({ version = '0' }) => version)
    expect(found.length).toBeGreaterThan(0)
    expect(found.filter((version) => isBelow(version, floor))).toEqual([])
  })

  it('are compared as versions, not as text', () => {
    expect([isBelow('1.9.0', '1.14.4'), isBelow('1.14.4', '1.14.4'), isBelow('2.0.0', '1.14.4')]).toEqual([
      true,
      false,
      false,
    ])
  })

  it('have a bill of materials that tells what runs from what only builds', () => {
    const [, command = ''] = /"sbom": "([^"]+)"/.exec(read('package.json')) ?? []
    const [program = '', ...args] = command.split(' ')
    const { components } = Bill.parse(
      JSON.parse(execFileSync(program, args, { encoding: 'utf8', maxBuffer: 2 ** 26 })),
    )
    const isForBuilding = (name: string) =>
      components
        .find((one) => one.name === name)
        ?.properties.some((property) => property.name === 'cdx:npm:package:development')
    expect(['pg', 'nats', 'protobufjs', '@grpc/grpc-js'].map(isForBuilding)).toEqual([
      false,
      false,
      false,
      false,
    ])
    expect(isForBuilding('vitest')).toBe(true)
  })
})

const Bill = z.object({
  bomFormat: z.literal('CycloneDX'),
  components: z.array(
    z.object({
      name: z.string(),
      version: z.string(),
      properties: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
    }),
  ),
})

function isBelow(version: string, floor: string): boolean {
  const [is, least] = [version, floor].map((text) => text.split(/[.-]/).slice(0, 3).map(Number))
  const index = [0, 1, 2].find((at) => is?.[at] !== least?.[at])
  return index !== undefined && (is?.[index] ?? 0) < (least?.[index] ?? 0)
}
