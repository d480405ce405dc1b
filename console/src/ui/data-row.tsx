/** One row of a list. While the list scrolls it is drawn again only if something about it has changed. */
import { FlexRender, type Row, type RowData } from '@tanstack/react-table'
import { memo } from 'react'
import { useT } from '../i18n/i18n.tsx'
import type { features } from './data-table.tsx'

interface Props<T extends RowData> {
  readonly row: Row<typeof features, T>
  readonly index: number
  /** Pixels from the top of the list. */
  readonly top: number
  readonly tone: string
  readonly measure: (element: Element | null) => void
  /** Undefined where rows cannot be picked. */
  readonly isPicked: boolean | undefined
  readonly name: string
  readonly onToggle: (row: T) => void
}

function DataRowOnce<T extends RowData>({
  row,
  index,
  top,
  tone,
  measure,
  isPicked,
  name,
  onToggle,
}: Props<T>) {
  const t = useT()
  return (
    <div
      role="row"
      ref={measure}
      data-index={index}
      aria-rowindex={index + 2}
      className={`table-row ${tone}`}
      style={{ transform: `translateY(${top}px)` }}
    >
      {isPicked !== undefined && (
        <div role="cell" className="cell select">
          <input
            type="checkbox"
            checked={isPicked}
            onChange={() => onToggle(row.original)}
            aria-label={t('bulk.select', { what: name })}
          />
        </div>
      )}
      {row.getAllCells().map((cell) => (
        <div role="cell" key={cell.id} className={`cell ${cell.column.id}`}>
          <FlexRender cell={cell} />
        </div>
      ))}
    </div>
  )
}

/** `memo` forgets that the row has a type. */
export const DataRow = memo(DataRowOnce) as typeof DataRowOnce
