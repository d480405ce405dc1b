/**
 * `npm run conformance`: sets of inputs from outside against this code; prints the table of scores, writes it into docs/conformance.md,
 * and ends with 1 when anything came out wrong. Sets that cannot be kept here are read from directories: WYCHEPROOF_VECTORS, JOSE_COOKBOOK.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { certificateScores } from './certificates.ts'
import { http2Scores } from './http2.ts'
import { cookbook, wycheproof } from './jose.ts'
import { jsonScores } from './json.ts'
import { naughtyScores } from './naughty.ts'
import { restScores } from './rest.ts'
import { table } from './score.ts'

const PAGE = 'docs/conformance.md'
const { WYCHEPROOF_VECTORS: vectors, JOSE_COOKBOOK: examples } = process.env

const scores = [
  ...(await wycheproof(vectors)),
  await cookbook(examples),
  ...(await jsonScores()),
  ...(await restScores()),
  ...(await naughtyScores()),
  ...(await certificateScores()),
  ...(await http2Scores()),
]
const lines = table(scores)
process.stdout.write(`${lines.join('\n')}\n`)
const wrong = scores.flatMap((score) => score.wrong.map((what) => `${score.set}: ${what}`))
for (const what of wrong) process.stderr.write(`WRONG  ${what}\n`)
const page = readFileSync(PAGE, 'utf8')
const between = /(<!-- scores -->\n)[^]*(<!-- end -->)/
const made = `<!-- scores -->\n${lines.join('\n')}\n<!-- end -->`
writeFileSync(
  PAGE,
  page.replace(between, () => made),
)
process.exitCode = wrong.length > 0 ? 1 : 0
