/** `npm run gen:passwords -- LIST`: makes the file of common passwords from a list, one a line. */
import { readFileSync, writeFileSync } from 'node:fs'
import { PASSWORD_LENGTH } from '../app/passwords.ts'
import { COMMON_PASSWORDS_FILE, prefixesOf } from './common-passwords.ts'

const [list = ''] = process.argv.slice(2)
const { min, max } = PASSWORD_LENGTH
const long = readFileSync(list, 'utf8')
  .split(/\r?\n/)
  .filter(({ length }) => length >= min && length <= max)
writeFileSync(COMMON_PASSWORDS_FILE, prefixesOf(long))
