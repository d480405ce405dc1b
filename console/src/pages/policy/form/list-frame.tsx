/** The frame of a list that grows and shrinks: its name, its rows, and how one is added. */
import { type ReactNode, type RefObject, useEffect, useRef } from 'react'
import { useLanguage } from '../../../i18n/i18n.tsx'
import { IconButton } from '../../../ui/button.tsx'
import { idOf, useFieldWords } from './context.ts'
import type { Shape } from './shape.ts'

export interface Focus {
  readonly rows: RefObject<HTMLDivElement | null>
  readonly add: RefObject<HTMLDivElement | null>
  /** The person has just added a row, or taken one away. */
  note(act: 'added' | 'removed'): void
}

/** A new row gets the focus; when one is taken away, the place where rows are added gets it. */
export function useListFocus(count: number): Focus {
  const rows = useRef<HTMLDivElement>(null)
  const add = useRef<HTMLDivElement>(null)
  const noted = useRef<'added' | 'removed'>(undefined)
  useEffect(() => {
    const place = noted.current === 'added' ? rows.current?.lastElementChild : add.current
    if (noted.current !== undefined)
      place?.querySelector<HTMLElement>('input, select, button:not([data-remove])')?.focus()
    noted.current = undefined
  }, [count])
  return {
    rows,
    add,
    note(act) {
      noted.current = act
    },
  }
}

interface Props {
  readonly field: { readonly path: string; readonly at: string; readonly shape: Shape }
  readonly focus: Focus
  readonly children: ReactNode
  readonly adding: ReactNode
  readonly look?: 'lines' | 'blocks'
}

export function ListFrame({ field, focus: { rows, add }, children, adding, look = 'blocks' }: Props) {
  const { label, help, error } = useFieldWords(field)
  const helpId = help && `${idOf(field.at)}/help`
  return (
    <fieldset aria-describedby={helpId}>
      <legend>{label}</legend>
      {help && (
        <span id={helpId} className="hint">
          {help}
        </span>
      )}
      {error && <span className="field-error">{error}</span>}
      <div className={`policy-rows ${look}`} ref={rows}>
        {children}
      </div>
      <div className="policy-add" ref={add}>
        {adding}
      </div>
    </fieldset>
  )
}

export function RemoveButton({ name, onPress }: { name: string; onPress: () => void }) {
  const { t } = useLanguage()
  return (
    <IconButton label={t('policyForm.remove', { name })} icon="cross" onPress={onPress} data-remove="true" />
  )
}
