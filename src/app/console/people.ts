/** Who works at a local VASP, by name where there is one. */
import { isMlro, mayAct, type PersonRole, withPeople } from '../../domain/people.ts'
import { localVasp, type Parts } from '../parts.ts'

export interface PersonEntry {
  readonly subject: string
  /** Of local accounts. */
  readonly displayName: string | null
  readonly roles: readonly PersonRole[]
  readonly isMlro: boolean
  readonly decides: boolean
}

export async function peopleAt(
  parts: Pick<Parts, 'vasps' | 'peopleDirectory' | 'operators'>,
  vaspId: string,
): Promise<ReadonlyMap<string, PersonEntry>> {
  const { policy } = localVasp(parts, vaspId)
  const [known, accounts] = await Promise.all([
    parts.peopleDirectory.at(vaspId),
    parts.operators.list(vaspId),
  ])
  const { people = {} } = withPeople(policy, known)
  const names = new Map(accounts.map(({ subject, displayName }) => [subject, displayName]))
  return new Map(
    Object.entries(people).map(([subject, roles]): [string, PersonEntry] => [
      subject,
      {
        subject,
        displayName: names.get(subject) ?? null,
        roles,
        isMlro: isMlro(policy, subject),
        decides: roles.some((role) => mayAct(role, 'reject')) && !roles.includes('auditor'),
      },
    ]),
  )
}
