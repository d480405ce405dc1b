/** Starts the PostgreSQL the integration tests talk to, unless the environment already names one. */
import type { TestProject } from 'vitest/node'
import { startTestPostgres } from './postgres.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Connection string of a superuser, to the database `postgres`. */
    postgresUrl: string
  }
}

export default async function setup(project: TestProject) {
  const postgres = await startTestPostgres(process.env['TEST_DATABASE_URL'])
  project.provide('postgresUrl', postgres.url)
  return () => postgres.stop()
}
