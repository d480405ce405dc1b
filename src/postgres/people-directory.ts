/** Who is known at a local VASP: its local accounts, and the persons whom tokens have named. Without names of human beings. */
import type { Pool } from 'pg'
import { z } from 'zod'
import type { PeopleDirectory } from '../app/ports.ts'
import { type KnownPerson, PERSON_ROLES } from '../domain/people.ts'
import { knownOf } from './newer.ts'

const Row = z
  .object({ subject: z.string(), natural_person: z.string(), roles: knownOf(PERSON_ROLES) })
  .transform(
    ({ subject, natural_person: naturalPerson, roles }): KnownPerson => ({ subject, naturalPerson, roles }),
  )

const RolesRow = z.object({ vasp_id: z.string(), roles: knownOf(PERSON_ROLES) })

/** What a token says again is not written again for this long. */
const SEEN_HOURS = 12

export function postgresPeopleDirectory(pool: Pool): PeopleDirectory {
  return {
    async at(vaspId) {
      const { rows } = await pool.query({
        name: 'people-at',
        text: `
          select o.subject, o.natural_person, array_agg(r.role order by r.role) as roles
            from operator_roles r join operators o using (subject)
           where r.vasp_id = $1 and o.disabled_at is null
           group by o.subject
          union all
          select subject, natural_person, roles from people_seen where vasp_id = $1`,
        values: [vaspId],
      })
      return z.array(Row).parse(rows)
    },

    async saw(vaspId, { subject, naturalPerson, roles }) {
      await pool.query(
        `insert into people_seen as p (vasp_id, subject, natural_person, roles, seen_at) values ($1, $2, $3, $4, now())
         on conflict (vasp_id, subject) do update
           set natural_person = excluded.natural_person, roles = excluded.roles, seen_at = excluded.seen_at
         where p.natural_person <> excluded.natural_person or p.roles <> excluded.roles
            or p.seen_at < now() - interval '${SEEN_HOURS} hours'`,
        [vaspId, subject, naturalPerson, roles],
      )
    },

    async withdrew(vaspId, subject) {
      await pool.query(
        `update people_seen set roles = '{}', seen_at = now() where vasp_id = $1 and subject = $2 and roles <> '{}'`,
        [vaspId, subject],
      )
    },

    async lastNamed(subject) {
      const { rows } = await pool.query({
        name: 'people-last-named',
        text: `select vasp_id, roles from people_seen where subject = $1 and roles <> '{}'`,
        values: [subject],
      })
      return Object.fromEntries(
        z
          .array(RolesRow)
          .parse(rows)
          .map((row) => [row.vasp_id, row.roles]),
      )
    },
  }
}
