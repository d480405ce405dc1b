/** The members of an object, each as its own field. */
import { Fragment, use } from 'react'
import { FieldContext, type FieldProps } from './context.ts'
import { membersOf, withMember } from './shape.ts'

export function Members({ path, at, shape, value, onChange }: FieldProps) {
  const show = use(FieldContext)
  return (
    <div className="policy-fields">
      {Object.entries(shape.properties ?? {}).map(([name, member]) => (
        <Fragment key={name}>
          {show({
            shape: member,
            path: `${path}.${name}`,
            at: `${at}.${name}`,
            value: membersOf(value ?? shape.default)[name],
            isRequired: shape.required?.includes(name) === true,
            onChange: (next) => onChange(withMember(value ?? shape.default, name, next)),
          })}
        </Fragment>
      ))}
    </div>
  )
}
