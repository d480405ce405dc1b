/** Lists in the order in which they were written: lines of text, and objects one after the other. */
import { useFormat } from '../../../i18n/format.ts'
import { useLanguage } from '../../../i18n/i18n.tsx'
import { Button } from '../../../ui/button.tsx'
import { TextField } from '../../../ui/field.tsx'
import { type FieldProps, idOf, useFieldWords } from './context.ts'
import { ListFrame, RemoveButton, useListFocus } from './list-frame.tsx'
import { Members } from './members.tsx'
import { labelOf } from './names.ts'
import { fresh, itemsOf, textOf } from './shape.ts'

export function Texts(props: FieldProps) {
  const list = useList(props)
  return (
    <ListFrame
      field={props}
      focus={list.focus}
      look="lines"
      adding={<AddButton name={list.label} onPress={() => list.add()} />}
    >
      {list.items.map((one, index) => (
        <Line
          key={index}
          field={props}
          index={index}
          value={textOf(one)}
          onChange={(text) => list.change(index, text)}
          onRemove={() => list.remove(index)}
        />
      ))}
    </ListFrame>
  )
}

interface LineProps {
  readonly field: FieldProps
  readonly index: number
  readonly value: string
  readonly onChange: (text: string) => void
  readonly onRemove: () => void
}

function Line({ field: { path, at, shape }, index, value, onChange, onRemove }: LineProps) {
  const { t } = useLanguage()
  const format = useFormat()
  const own = `${at}.${index}`
  const { label, error } = useFieldWords({ path, at: own, shape: shape.items ?? {} })
  const name = t('policyForm.numbered', { name: label, n: index + 1 })
  const isCountry = /countries$/i.test(path) && /^[A-Z]{2}$/.test(value)
  return (
    <div className="policy-line" id={idOf(own)}>
      <TextField
        aria-label={name}
        value={value}
        error={error}
        hint={isCountry && format.country(value)}
        spellCheck="false"
        onChange={onChange}
      />
      <RemoveButton name={name} onPress={onRemove} />
    </div>
  )
}

export function Rows(props: FieldProps) {
  const { t } = useLanguage()
  const list = useList(props)
  const { path, at, shape } = props
  return (
    <ListFrame
      field={props}
      focus={list.focus}
      adding={<AddButton name={list.label} onPress={() => list.add()} />}
    >
      {list.items.map((one, index) => {
        const name = t('policyForm.numbered', { name: list.label, n: index + 1 })
        return (
          <fieldset key={index} className="policy-row" id={idOf(`${at}.${index}`)}>
            <legend>{name}</legend>
            <Members
              shape={shape.items ?? {}}
              path={path}
              at={`${at}.${index}`}
              value={one}
              isRequired
              onChange={(next) => list.change(index, next)}
            />
            <RemoveButton name={name} onPress={() => list.remove(index)} />
          </fieldset>
        )
      })}
    </ListFrame>
  )
}

function useList({ path, shape, value, isRequired, onChange }: FieldProps) {
  const { say } = useLanguage()
  const items = itemsOf(value ?? shape.default)
  const focus = useListFocus(items.length)
  const put = (next: readonly unknown[]) =>
    onChange(next.length === 0 && !isRequired && shape.default === undefined ? undefined : next)
  return {
    label: labelOf(path, say),
    items,
    focus,
    change: (index: number, next: unknown) => put(items.with(index, next)),
    add() {
      focus.note('added')
      put([...items, fresh(shape.items ?? {})])
    },
    remove(index: number) {
      focus.note('removed')
      put(items.toSpliced(index, 1))
    },
  }
}

function AddButton({ name, onPress }: { name: string; onPress: () => void }) {
  const { t } = useLanguage()
  return (
    <Button icon="plus" onPress={onPress}>
      {t('policyForm.add', { name })}
    </Button>
  )
}
