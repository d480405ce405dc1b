/** Filters of a list. They live in the address: going back undoes them, a link shares them. */
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useEffect, useId, useState } from 'react'
import { useT } from '../i18n/i18n.tsx'
import { present } from '../search.ts'
import { Button } from './button.tsx'
import type { Choice } from './field.tsx'
import { Icon } from './icon.tsx'

/** `fixed` are parameters that name the list itself and survive clearing. */
export function useFilters<S extends object>(search: S, fixed: readonly (keyof S & string)[] = []) {
  const navigate = useNavigate()
  const go = (next: object) => void navigate({ to: '.', search: present(next), replace: true })
  return {
    set: (change: { [K in keyof S]?: S[K] | undefined }) => go({ ...search, ...change }),
    clear: () =>
      go(Object.fromEntries(Object.entries(search).filter(([key]) => fixed.some((name) => name === key)))),
    isAny: Object.keys(search).some((key) => !fixed.some((name) => name === key)),
  }
}

/** In a narrow window the filters wait behind a button; the search stays. */
export function Filters({ isAny, onClear, children }: FiltersProps) {
  const t = useT()
  const [isOpen, setOpen] = useState(false)
  return (
    <div className={isOpen ? 'filters open' : 'filters'} role="group" aria-label={t('filter.title')}>
      {children}
      <span className="filters-more">
        <Button icon="down" aria-expanded={isOpen} onPress={() => setOpen(!isOpen)}>
          {t('filter.more')}
        </Button>
      </span>
      {isAny && (
        <Button look="quiet" icon="cross" onPress={onClear}>
          {t('list.clear')}
        </Button>
      )}
    </div>
  )
}

interface FiltersProps {
  readonly isAny: boolean
  readonly onClear: () => void
  readonly children: ReactNode
}

interface SelectProps<T extends string> {
  readonly label: string
  readonly value: string | undefined
  readonly choices: readonly Choice<T>[]
  readonly onChange: (value: T | undefined) => void
  /** What no choice means; else: all. */
  readonly none?: string
}

export function FilterSelect<T extends string>({
  label,
  value = '',
  choices,
  onChange,
  none,
}: SelectProps<T>) {
  const t = useT()
  return (
    <label className={value === '' ? 'filter' : 'filter set'}>
      <span>{label}</span>
      <select
        value={value}
        onChange={({ target }) => onChange(choices.find((choice) => choice.value === target.value)?.value)}
      >
        <option value="">{none ?? t('filter.all')}</option>
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </label>
  )
}

const TYPING_MS = 300

/** Searches a moment after the last key. */
export function FilterText({
  label,
  value = '',
  onChange,
}: {
  label: string
  value?: string | undefined
  onChange: (value: string | undefined) => void
}) {
  const id = useId()
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  useEffect(() => {
    if (text.trim() === value) return
    const timer = setTimeout(() => onChange(text.trim() === '' ? undefined : text.trim()), TYPING_MS)
    return () => clearTimeout(timer)
  }, [text, value, onChange])
  return (
    <span className="filter-text">
      <label htmlFor={id} className="visually-hidden">
        {label}
      </label>
      <Icon name="search" size={14} />
      <input
        id={id}
        type="search"
        value={text}
        placeholder={label}
        maxLength={200}
        spellCheck={false}
        onChange={(event) => setText(event.target.value)}
      />
    </span>
  )
}

interface DayProps {
  readonly label: string
  readonly value?: string | undefined
  readonly onChange: (value: string | undefined) => void
  /** What is meant where no day is chosen. */
  readonly rest?: string | undefined
}

/** A day of the calendar. */
export function FilterDay({ label, value = '', onChange, rest = '' }: DayProps) {
  return (
    <label className={value === '' ? 'filter' : 'filter set'}>
      <span>{label}</span>
      <input
        type="date"
        value={value === '' ? rest : value}
        onChange={({ target }) => onChange(target.value === '' ? undefined : target.value)}
      />
    </label>
  )
}
