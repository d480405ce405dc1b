/** Objects or values by a key: the key is chosen when a row is added, and stays. */
import { use, useState } from 'react'
import { useLanguage } from '../../../i18n/i18n.tsx'
import { Button } from '../../../ui/button.tsx'
import { Select, TextField } from '../../../ui/field.tsx'
import { FieldContext, type FieldProps, idOf } from './context.ts'
import { ListFrame, RemoveButton, useListFocus } from './list-frame.tsx'
import { Members } from './members.tsx'
import { choiceWord, labelOf } from './names.ts'
import { choicesOf, fresh, membersOf, type Shape, withMember } from './shape.ts'

export function Table(props: FieldProps) {
  const { say } = useLanguage()
  const { path, at, shape, value, isRequired, onChange } = props
  const rows = membersOf(value ?? shape.default)
  const keys = Object.keys(rows)
  const focus = useListFocus(keys.length)
  const of = typeof shape.additionalProperties === 'object' ? shape.additionalProperties : {}
  const known = choicesOf(shape.propertyNames ?? {}).map(String)
  const label = labelOf(path, say)
  const add = (key: string) => {
    focus.note('added')
    onChange(withMember(rows, key, fresh(of)))
  }
  const remove = (key: string) => {
    focus.note('removed')
    const left = withMember(rows, key, undefined)
    onChange(Object.keys(left).length === 0 && !isRequired && shape.default === undefined ? undefined : left)
  }
  const adding =
    known.length > 0 ? (
      <AddKnown path={path} label={label} left={known.filter((key) => !keys.includes(key))} onAdd={add} />
    ) : (
      <AddTyped path={path} label={label} taken={keys} pattern={shape.propertyNames?.pattern} onAdd={add} />
    )
  return (
    <ListFrame field={props} focus={focus} adding={adding}>
      {keys.map((key) => (
        <fieldset key={key} className="policy-row" id={idOf(`${at}.${key}`)}>
          <legend className="wrap">{choiceWord(path, key, say)}</legend>
          <Value
            path={path}
            at={`${at}.${key}`}
            shape={of}
            value={rows[key]}
            isRequired
            onChange={(next) => onChange(withMember(rows, key, next))}
          />
          <RemoveButton name={choiceWord(path, key, say)} onPress={() => remove(key)} />
        </fieldset>
      ))}
    </ListFrame>
  )
}

function Value(props: FieldProps) {
  const show = use(FieldContext)
  if (props.shape.properties !== undefined) return <Members {...props} />
  return show({ ...props, path: `${props.path}.value` })
}

interface AddProps {
  readonly path: string
  readonly label: string
  readonly onAdd: (key: string) => void
}

function AddKnown({ path, label, left, onAdd }: AddProps & { left: readonly string[] }) {
  const { t, say } = useLanguage()
  const [chosen, setChosen] = useState('')
  const key = left.find((one) => one === chosen) ?? left[0]
  if (key === undefined) return null
  return (
    <>
      <Select
        label={t('policyForm.which', { name: label })}
        value={key}
        choices={left.map((value) => ({ value, label: choiceWord(path, value, say) }))}
        onChange={setChosen}
      />
      <Button icon="plus" onPress={() => onAdd(key)}>
        {t('policyForm.add', { name: label })}
      </Button>
    </>
  )
}

interface TypedProps extends AddProps {
  readonly taken: readonly string[]
  readonly pattern: Shape['pattern']
}

function AddTyped({ label, taken, pattern, onAdd }: TypedProps) {
  const { t } = useLanguage()
  const [key, setKey] = useState('')
  const [isRefused, setRefused] = useState(false)
  const isTaken = taken.includes(key)
  const isRight = key !== '' && !isTaken && (pattern === undefined || new RegExp(pattern).test(key))
  const add = () => {
    setRefused(!isRight)
    if (!isRight) return
    onAdd(key)
    setKey('')
  }
  return (
    <>
      <TextField
        label={t('policyForm.which', { name: label })}
        value={key}
        onChange={setKey}
        spellCheck="false"
        error={isRefused && !isRight ? t(isTaken ? 'policyForm.taken' : 'policyForm.keyWrong') : undefined}
        // Enter adds the row; it must not send the whole form.
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return
          event.preventDefault()
          add()
        }}
      />
      <Button icon="plus" onPress={add}>
        {t('policyForm.add', { name: label })}
      </Button>
    </>
  )
}
