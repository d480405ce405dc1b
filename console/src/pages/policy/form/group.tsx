/** An object with members of its own; where the policy may do without it, it is switched on and off as a whole. */
import { type FieldProps, idOf, useFieldWords } from './context.ts'
import { Members } from './members.tsx'
import { fresh } from './shape.ts'

export function Group(props: FieldProps) {
  const { label, help, error } = useFieldWords(props)
  const { at, shape, value, isRequired, onChange } = props
  const helpId = help && `${idOf(at)}/help`
  const hint = help && (
    <span id={helpId} className="hint">
      {help}
    </span>
  )
  const wrong = error && <span className="field-error">{error}</span>
  if (isRequired || shape.default !== undefined)
    return (
      <fieldset aria-describedby={helpId}>
        <legend>{label}</legend>
        {hint}
        <Members {...props} />
        {wrong}
      </fieldset>
    )
  return (
    <>
      <label className="check">
        <input
          type="checkbox"
          checked={value !== undefined}
          onChange={(event) => onChange(event.target.checked ? fresh(shape) : undefined)}
          aria-describedby={helpId}
        />
        {label}
      </label>
      {hint}
      {wrong}
      {value !== undefined && (
        <fieldset>
          <legend className="visually-hidden">{label}</legend>
          <Members {...props} />
        </fieldset>
      )}
    </>
  )
}
