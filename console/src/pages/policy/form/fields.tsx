/** One member of the policy as a field. What it may be is the schema's to say; what is right, the gateway's. */
import { useState } from 'react'
import { useFormat } from '../../../i18n/format.ts'
import { useLanguage } from '../../../i18n/i18n.tsx'
import { Select, TextField } from '../../../ui/field.tsx'
import { type FieldProps, idOf, useFieldWords } from './context.ts'
import { Group } from './group.tsx'
import { Rows, Texts } from './lists.tsx'
import { choiceWord } from './names.ts'
import {
  choicesOf,
  itemsOf,
  kindOf,
  numberIn,
  type Span,
  secondsOf,
  spanOf,
  TIME_UNITS,
  type TimeUnit,
  textOf,
} from './shape.ts'
import { Table } from './table.tsx'

const FIELDS = {
  switch: SwitchField,
  choice: ChoiceField,
  choices: ChoicesField,
  time: TimeField,
  number: NumberField,
  text: PlainField,
  texts: Texts,
  rows: Rows,
  table: Table,
  group: Group,
} as const

export function Field(props: FieldProps) {
  const Kind = FIELDS[kindOf(props.shape, props.path)]
  return (
    <div id={idOf(props.at)} className="policy-field">
      <Kind {...props} />
    </div>
  )
}

function SwitchField(props: FieldProps) {
  const { label, help, error } = useFieldWords(props)
  const { at, value, shape, onChange } = props
  return (
    <>
      <label className="check">
        <input
          type="checkbox"
          checked={(value ?? shape.default) === true}
          onChange={(event) => onChange(event.target.checked)}
          aria-describedby={help && `${idOf(at)}/help`}
        />
        {label}
      </label>
      {help && (
        <span id={`${idOf(at)}/help`} className="hint">
          {help}
        </span>
      )}
      {error && <span className="field-error">{error}</span>}
    </>
  )
}

const UNSAID = ''

function ChoiceField(props: FieldProps) {
  const { t, say } = useLanguage()
  const { label, help, error } = useFieldWords(props)
  const { path, shape, value, isRequired, onChange } = props
  const known = choicesOf(shape)
  const mayBeUnsaid = !isRequired && shape.default === undefined
  const choices = known.map((one) => ({ value: String(one), label: choiceWord(path, one, say) }))
  return (
    <Select
      label={label}
      hint={help}
      error={error}
      value={textOf(value ?? shape.default ?? UNSAID)}
      choices={mayBeUnsaid ? [{ value: UNSAID, label: t('policy.notSaid') }, ...choices] : choices}
      onChange={(chosen) => onChange(known.find((one) => String(one) === chosen))}
    />
  )
}

function ChoicesField(props: FieldProps) {
  const { say } = useLanguage()
  const { label, help, error } = useFieldWords(props)
  const { path, at, shape, value, isRequired, onChange } = props
  const chosen = itemsOf(value ?? shape.default)
  const choose = (one: string | number, isChosen: boolean) => {
    const next = choicesOf(shape.items ?? {}).filter((known) =>
      known === one ? isChosen : chosen.includes(known),
    )
    onChange(next.length === 0 && !isRequired && shape.default === undefined ? undefined : next)
  }
  return (
    <fieldset aria-describedby={help && `${idOf(at)}/help`}>
      <legend>{label}</legend>
      {help && (
        <span id={`${idOf(at)}/help`} className="hint">
          {help}
        </span>
      )}
      <div className="choices">
        {choicesOf(shape.items ?? {}).map((one) => (
          <label key={one} className="check">
            <input
              type="checkbox"
              checked={chosen.includes(one)}
              onChange={(event) => choose(one, event.target.checked)}
            />
            {choiceWord(path, one, say)}
          </label>
        ))}
      </div>
      {error && <span className="field-error">{error}</span>}
    </fieldset>
  )
}

/** An amount and its unit, for what the policy says in seconds. */
function TimeField(props: FieldProps) {
  const { t } = useLanguage()
  const format = useFormat()
  const { label, help, error } = useFieldWords(props)
  const { shape, value, isRequired, onChange } = props
  const [typed, setTyped] = useState<Span>(() => spanOf(value))
  // What was typed, as long as it says the same: "1." is on the way to "1.5".
  const shown = secondsOf(typed) === value ? typed : spanOf(value)
  const change = (next: Span) => {
    setTyped(next)
    onChange(secondsOf(next))
  }
  const usual = typeof shape.default === 'number' ? format.span(shape.default * 1000) : undefined
  return (
    <div className="with-unit">
      <TextField
        label={label}
        hint={help}
        error={error}
        value={shown.text}
        inputMode="decimal"
        placeholder={usual}
        isRequired={isRequired}
        onChange={(text) => change({ ...shown, text })}
      />
      <Select<TimeUnit>
        compact
        label={t('policyForm.unit', { name: label })}
        value={shown.unit}
        choices={TIME_UNITS.map((unit) => ({ value: unit, label: t(`policyForm.unit.${unit}`) }))}
        onChange={(unit) => change({ ...shown, unit })}
      />
    </div>
  )
}

function NumberField(props: FieldProps) {
  const { label, help, error } = useFieldWords(props)
  const { shape, value, isRequired, onChange } = props
  return (
    <TextField
      label={label}
      hint={help}
      error={error}
      value={textOf(value)}
      inputMode="numeric"
      placeholder={textOf(shape.default)}
      isRequired={isRequired}
      onChange={(text) => onChange(numberIn(text))}
    />
  )
}

function PlainField(props: FieldProps) {
  const { label, help, error } = useFieldWords(props)
  const { value, isRequired, onChange } = props
  return (
    <TextField
      label={label}
      hint={help}
      error={error}
      value={textOf(value)}
      isRequired={isRequired}
      spellCheck="false"
      onChange={(text) => onChange(text === '' && !isRequired ? undefined : text)}
    />
  )
}
