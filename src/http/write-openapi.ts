/** `npm run gen:openapi`: writes the document from which the console's client is made. */
import { mkdir, writeFile } from 'node:fs/promises'
import { openApiText } from './api/openapi.ts'

const FILE = new URL('../../console/openapi.json', import.meta.url)

await mkdir(new URL('.', FILE), { recursive: true })
await writeFile(FILE, await openApiText())
