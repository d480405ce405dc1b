/** The holds that are picked, as they were when they were: another list begins with none. */
import { useState } from 'react'
import type { Schemas } from '../../api/client.ts'
import type { Selection } from '../../ui/data-table.tsx'
import { referenceOf } from '../../ui/transfer-bits.tsx'

type Item = Schemas['HoldItem']

export interface Picked {
  readonly items: readonly Item[]
  readonly selection: Selection<Item>
  readonly clear: () => void
}

/** Each is asked and answered by itself. */
export const PICKED_MAX = 100

export function usePicked(rows: readonly Item[], list: string): Picked {
  const [picked, setPicked] = useState<{ list: string; items: ReadonlyMap<string, Item> }>({
    list,
    items: new Map(),
  })
  const items = picked.list === list ? picked.items : new Map<string, Item>()
  const set = (next: Iterable<Item>) =>
    setPicked({ list, items: new Map([...next].map((item) => [item.id, item])) })
  const isAll = rows.length > 0 && rows.every(({ id }) => items.has(id))
  return {
    items: [...items.values()],
    clear: () => set([]),
    selection: {
      has: ({ id }) => items.has(id),
      isAll,
      toggle: (row) =>
        set(
          items.has(row.id)
            ? [...items.values()].filter(({ id }) => id !== row.id)
            : [...items.values(), row],
        ),
      toggleAll: () => set(isAll ? [] : rows),
      nameOf: ({ transfer }) => referenceOf(transfer),
    },
  }
}
