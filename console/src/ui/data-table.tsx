/**
 * A list of any length: TanStack Table holds the columns, TanStack Virtual the rows that are near the window, so that ten thousand scroll
 * like ten. A row is one link (class `row-link`); `j` and `k` move along the links.
 */
import { type ColumnDef, type RowData, tableFeatures, useTable } from '@tanstack/react-table'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useCallback, useEffect, useEffectEvent, useRef, useState } from 'react'
import { useT } from '../i18n/i18n.tsx'
import { useShortcuts } from '../shell/shortcuts.ts'
import { DataRow } from './data-row.tsx'

export const features = tableFeatures({})
export type Column<T extends RowData> = ColumnDef<typeof features, T>

interface Props<T extends RowData> {
  readonly label: string
  /** Names the grid of columns in the style sheet. */
  readonly kind: string
  readonly rows: readonly T[]
  /** How many there are in all, which may be more than have been read. */
  readonly total: number
  readonly columns: Column<T>[]
  readonly keyOf: (row: T) => string
  readonly toneOf?: (row: T) => string
  readonly onEnd?: () => void
  readonly footer?: ReactNode
  readonly selection?: Selection<T> | undefined
}

/** Rows that are picked for something; `x` picks the one with the focus. */
export interface Selection<T> {
  readonly has: (row: T) => boolean
  readonly toggle: (row: T) => void
  readonly isAll: boolean
  readonly toggleAll: () => void
  readonly nameOf: (row: T) => string
}

/** Pixels: of a row before it has been measured. */
const ROW_HEIGHT = 62
const ROWS_BEFORE_END = 20

export function DataTable<T extends RowData>({
  label,
  kind,
  rows,
  total,
  columns,
  keyOf,
  toneOf,
  onEnd,
  footer,
  selection,
}: Props<T>) {
  const t = useT()
  const data = rows as T[]
  const table = useTable({ features, columns, data, getRowId: keyOf })
  const body = useRef<HTMLDivElement>(null)
  const [top, setTop] = useState(0)
  useOffset(body, setTop)
  const virtual = useWindowVirtualizer({
    count: data.length,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
    scrollMargin: top,
    getItemKey: (index) => keyOf(data[index] as T),
  })
  const shown = virtual.getVirtualItems()
  useEndReached(
    (shown.at(-1)?.index ?? 0) >= data.length - ROWS_BEFORE_END && data.length > 0,
    data.length,
    onEnd,
  )
  useRowKeys(body, data.length, (index) => virtual.scrollToIndex(index, { align: 'auto' }))
  useShortcuts({
    x: () => {
      const index = focusedIndex()
      const row = index === undefined ? undefined : data[index]
      if (row !== undefined) selection?.toggle(row)
    },
  })
  const latest = useRef(selection)
  useEffect(() => {
    latest.current = selection
  })
  const toggle = useCallback((row: T) => latest.current?.toggle(row), [])
  const models = table.getRowModel().rows
  return (
    <div
      className={`table ${kind} ${selection ? 'selectable' : ''}`}
      role="table"
      aria-label={label}
      aria-rowcount={total + 1}
    >
      <div role="rowgroup" className="table-head">
        {table.getHeaderGroups().map((group) => (
          <div role="row" key={group.id} className="table-row" aria-rowindex={1}>
            {selection && (
              <div role="columnheader" className="cell select">
                <input
                  type="checkbox"
                  checked={selection.isAll}
                  onChange={selection.toggleAll}
                  aria-label={t('bulk.selectAll')}
                />
              </div>
            )}
            {group.headers.map((header) => (
              <div role="columnheader" key={header.id} className={`cell ${header.id}`}>
                <table.FlexRender header={header} />
              </div>
            ))}
          </div>
        ))}
      </div>
      <div role="rowgroup" ref={body} className="table-body" style={{ height: virtual.getTotalSize() }}>
        {shown.map((item) => {
          const row = models[item.index]
          return (
            row && (
              <DataRow
                key={item.key}
                row={row}
                index={item.index}
                top={item.start - top}
                tone={toneOf?.(row.original) ?? ''}
                measure={virtual.measureElement}
                isPicked={selection?.has(row.original)}
                name={selection?.nameOf(row.original) ?? ''}
                onToggle={toggle}
              />
            )
          )
        })}
      </div>
      {footer}
    </div>
  )
}

/** Where the list begins: what stands above it may come later, or grow. */
function useOffset(body: { current: HTMLDivElement | null }, set: (top: number) => void): void {
  useEffect(() => {
    const look = () => set(body.current?.offsetTop ?? 0)
    look()
    const observer = new ResizeObserver(look)
    const above = body.current?.closest('main')
    if (above) observer.observe(above)
    return () => observer.disconnect()
  }, [body, set])
}

function useEndReached(isNear: boolean, length: number, onEnd: (() => void) | undefined): void {
  const reached = useEffectEvent(() => onEnd?.())
  useEffect(() => {
    if (isNear) reached()
  }, [isNear, length])
}

/**
 * `j` and `k`, from the row that has the focus; `Enter` is the link's own. A row that is drawn gets the focus at once, so that the next key
 * already finds it; one that is not, as soon as scrolling has drawn it.
 */
function useRowKeys(
  body: { current: HTMLDivElement | null },
  count: number,
  show: (index: number) => void,
): void {
  const move = (step: 1 | -1) => {
    const focused = focusedIndex()
    const index = focused === undefined ? 0 : Math.min(count - 1, Math.max(0, focused + step))
    const link = () => body.current?.querySelector<HTMLElement>(`[data-index="${index}"] .row-link`)
    show(index)
    const drawn = link()
    if (drawn) drawn.focus()
    else requestAnimationFrame(() => link()?.focus())
  }
  useShortcuts({ j: () => move(1), k: () => move(-1) })
}

function focusedIndex(): number | undefined {
  const index = document.activeElement?.closest<HTMLElement>('[data-index]')?.dataset['index']
  return index === undefined ? undefined : Number(index)
}
