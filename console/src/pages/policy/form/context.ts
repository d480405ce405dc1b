/** What all fields of the form share: what the gateway said is wrong, and how a member is found on the page. */
import { createContext, type ReactNode, use } from 'react'
import { useFormat } from '../../../i18n/format.ts'
import { useLanguage } from '../../../i18n/i18n.tsx'
import { helpOf, labelOf, rightWords } from './names.ts'
import type { Shape } from './shape.ts'

/** By the path in the draft. */
export const WrongContext = createContext<ReadonlyMap<string, string>>(new Map())

export interface FieldProps {
  readonly shape: Shape
  /** Names its words. */
  readonly path: string
  /** Where in the draft. */
  readonly at: string
  readonly value: unknown
  /** `undefined` leaves the member out. */
  readonly onChange: (next: unknown) => void
  readonly isRequired: boolean
}

/** Shows one member: fields hold fields, and their files must not import each other in a circle. */
export const FieldContext = createContext<(props: FieldProps) => ReactNode>(() => null)

export interface FieldWords {
  readonly label: string
  readonly help: string | undefined
  readonly error: string | undefined
}

export function useFieldWords({ path, at, shape }: Pick<FieldProps, 'path' | 'at' | 'shape'>): FieldWords {
  const { say } = useLanguage()
  const format = useFormat()
  const wrong = use(WrongContext)
  const found = wrong.get(at) ?? [...wrong].find(([one]) => isLeaf(shape) && one.startsWith(`${at}.`))?.[1]
  return {
    label: labelOf(path, say),
    help: helpOf(path, say) || undefined,
    error:
      found === undefined
        ? undefined
        : (rightWords(path, shape, say, (length) => format.span(length)) ?? found),
  }
}

/** What is wrong below it has no field of its own. */
function isLeaf({ type, items, properties }: Shape): boolean {
  return properties === undefined && (type !== 'array' || items?.enum !== undefined)
}

export function idOf(at: string): string {
  return `policy/${at}`
}

/** Puts the focus into the field that a path is about, or into the nearest one around it. */
export function goTo(at: string): void {
  let path = at
  for (;;) {
    const found = document.getElementById(idOf(path))
    if (found !== null) {
      found.querySelector<HTMLElement>('input, select, textarea, button')?.focus()
      return
    }
    if (path === '') return
    path = path.includes('.') ? path.slice(0, path.lastIndexOf('.')) : ''
  }
}
