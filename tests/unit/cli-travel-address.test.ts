import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { UsageError } from '../../src/cli/command.ts'
import { command } from '../../src/cli/travel-address.ts'

const ADDRESS = 'ta2W2HPKfHxgSgrzY178knqXHg1H3jfeQrwQ9JrKBs9wv'
let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tamga-ta-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

async function run(...args: readonly string[]): Promise<{ exit: number; out: string[]; err: string[] }> {
  const out: string[] = []
  const err: string[] = []
  const io = { env: {}, out: (line: string) => out.push(line), err: (line: string) => err.push(line) }
  return { exit: await command.run(args, io), out, err }
}

describe('tamga travel-address', () => {
  it('decodes to the URL, and encodes back', async () => {
    const decoded = await run('decode', ADDRESS)
    expect(decoded).toEqual({ exit: 0, out: ['https://beneficiary.com/x/12345?t=i'], err: [] })
    expect(await run('encode', 'beneficiary.com/x/12345?t=i')).toEqual({ exit: 0, out: [ADDRESS], err: [] })
    expect(await run('make', ...decoded.out)).toEqual({ exit: 0, out: [ADDRESS], err: [] })
  })

  it('says what is wrong in one sentence, exit 1', async () => {
    const { exit, out, err } = await run('decode', 'ta123412', ADDRESS)
    expect({ exit, out: out.length, err }).toEqual({
      exit: 1,
      out: 1,
      err: [expect.stringContaining('INVALID_FORMAT')],
    })
  })

  it('prints one JSON line for each', async () => {
    const { exit, out } = await run('decode', '--json', ADDRESS, 'nonsense')
    expect(exit).toBe(1)
    expect(out.map((line) => JSON.parse(line))).toEqual([
      {
        input: ADDRESS,
        valid: true,
        address: ADDRESS,
        uri: 'beneficiary.com/x/12345?t=i',
        url: 'https://beneficiary.com/x/12345?t=i',
        host: 'beneficiary.com',
        host_kind: 'domain',
      },
      {
        input: 'nonsense',
        valid: false,
        error: 'UNHANDLED_SCHEME',
        message: 'a travel address begins with "ta"',
      },
    ])
  })

  it('reads files of plain lines and of JSON lines', async () => {
    const file = join(folder, 'addresses')
    writeFileSync(
      file,
      `${ADDRESS}\r\n\n{"id":"7","input":"ta123412","expected":"x"}\n{"input":7}\n"${ADDRESS}"\n`,
    )
    const { exit, out } = await run('decode', '--json', file)
    expect(exit).toBe(1)
    expect(out.map((line) => JSON.parse(line))).toMatchObject([
      { valid: true },
      { id: '7', valid: false, error: 'INVALID_FORMAT' },
      { input: null, valid: false, error: 'INVALID_LINE' },
      { valid: true },
    ])
  })

  it('refuses a directory, an empty call and another verb, exit 2', async () => {
    await expect(run('decode', folder)).rejects.toThrow(UsageError)
    await expect(run('decode')).rejects.toThrow(UsageError)
    await expect(run('transcode', ADDRESS)).rejects.toThrow(UsageError)
    await expect(run('decode', '--nope', ADDRESS)).rejects.toThrow(UsageError)
  })
})
