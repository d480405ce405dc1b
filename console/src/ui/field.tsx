/** Fields of forms: a visible label, the hint and the error below it, each named to assistive technology. */
import { type ReactNode, useId } from 'react'
import {
  TextField as AriaTextField,
  FieldError,
  Input,
  Label,
  Text,
  TextArea,
  type TextFieldProps,
} from 'react-aria-components'

interface TextProps extends Omit<TextFieldProps, 'children' | 'className'> {
  /** Left out where `aria-label` says it. */
  readonly label?: string
  readonly hint?: ReactNode
  readonly error?: string | undefined
  readonly rows?: number
  readonly mono?: boolean
  readonly placeholder?: string | undefined
}

export function TextField({ label, hint, error, rows, mono, placeholder, ...rest }: TextProps) {
  return (
    <AriaTextField {...rest} className={mono ? 'field mono-field' : 'field'} isInvalid={error !== undefined}>
      {label !== undefined && <Label>{label}</Label>}
      {rows === undefined ? (
        <Input {...(placeholder !== undefined && { placeholder })} />
      ) : (
        <TextArea rows={rows} />
      )}
      {hint && (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
      <FieldError className="field-error">{error}</FieldError>
    </AriaTextField>
  )
}

export interface Choice<T extends string> {
  readonly value: T
  readonly label: string
}

interface SelectProps<T extends string> {
  readonly label: string
  readonly value: T
  readonly choices: readonly Choice<T>[]
  readonly onChange: (value: T) => void
  readonly hint?: ReactNode
  readonly error?: string | undefined
  /** The label is for assistive technology only: the choices say it. */
  readonly compact?: boolean
}

/** The browser's own list: known to everybody, on every device, to every tool. */
export function Select<T extends string>({
  label,
  value,
  choices,
  onChange,
  hint,
  error,
  compact = false,
}: SelectProps<T>) {
  const id = useId()
  const choose = (chosen: string) => {
    const choice = choices.find((known) => known.value === chosen)
    if (choice) onChange(choice.value)
  }
  return (
    <div className={compact ? 'field compact' : 'field'}>
      <label htmlFor={id} className={compact ? 'visually-hidden' : undefined}>
        {label}
      </label>
      <select
        id={id}
        value={value}
        onChange={(event) => choose(event.target.value)}
        aria-invalid={error !== undefined}
        aria-describedby={hint || error ? `${id}-hint ${id}-error` : undefined}
      >
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
      {hint && (
        <span id={`${id}-hint`} className="hint">
          {hint}
        </span>
      )}
      {error && (
        <span id={`${id}-error`} className="field-error">
          {error}
        </span>
      )}
    </div>
  )
}
