/** The whole policy as fields, by subject: each member that the gateway's schema has, with what it means. */
import { useId } from 'react'
import { useLanguage } from '../../../i18n/i18n.tsx'
import { type Subject, subjectOf } from '../words.ts'
import { FieldContext, type FieldProps, WrongContext } from './context.ts'
import { Field } from './fields.tsx'
import { membersOf, type Shape, withMember } from './shape.ts'

const SUBJECTS: readonly Subject[] = [
  'deciding',
  'clocks',
  'rules',
  'counterparties',
  'checks',
  'people',
  'other',
]

function show(props: FieldProps) {
  return <Field {...props} />
}

interface Props {
  readonly schema: Shape
  readonly draft: Readonly<Record<string, unknown>>
  readonly wrong: ReadonlyMap<string, string>
  readonly onChange: (next: Readonly<Record<string, unknown>>) => void
}

export function PolicyForm({ schema, draft, wrong, onChange }: Props) {
  const members = Object.entries(schema.properties ?? {})
  const sections = SUBJECTS.map((subject) => ({
    subject,
    members: members.filter(([name]) => subjectOf(name) === subject),
  })).filter((section) => section.members.length > 0)
  return (
    <FieldContext value={show}>
      <WrongContext value={wrong}>
        {sections.map((section) => (
          <SubjectFields
            key={section.subject}
            {...section}
            required={schema.required ?? []}
            draft={draft}
            onChange={(name, next) => onChange(withMember(membersOf(draft), name, next))}
          />
        ))}
      </WrongContext>
    </FieldContext>
  )
}

interface SubjectProps {
  readonly subject: Subject
  readonly members: readonly (readonly [string, Shape])[]
  readonly required: readonly string[]
  readonly draft: Readonly<Record<string, unknown>>
  readonly onChange: (name: string, next: unknown) => void
}

function SubjectFields({ subject, members, required, draft, onChange }: SubjectProps) {
  const { t } = useLanguage()
  const id = useId()
  return (
    <section className="policy-subject" aria-labelledby={id}>
      <h3 id={id}>{t(`policy.subject.${subject}`)}</h3>
      <div className="policy-fields">
        {members.map(([name, shape]) => (
          <Field
            key={name}
            shape={shape}
            path={name}
            at={name}
            value={draft[name]}
            isRequired={required.includes(name)}
            onChange={(next) => onChange(name, next)}
          />
        ))}
      </div>
    </section>
  )
}
