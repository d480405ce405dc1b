/** Giving many holds to one person, or one note to many. Never a release: that is judged one by one. */
import { useState } from 'react'
import type { Schemas } from '../../api/client.ts'
import { useT } from '../../i18n/i18n.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { BulkForm } from './bulk-form.tsx'
import { PICKED_MAX } from './use-picked.ts'

type Item = Schemas['HoldItem']
type Act = 'assign' | 'comment'

export function BulkBar({ items, onClear }: { items: readonly Item[]; onClear: () => void }) {
  const t = useT()
  const [opened, setOpened] = useState<{ readonly act: Act; readonly items: readonly Item[] }>()
  const isTooMany = items.length > PICKED_MAX
  return (
    <section className="bulk-bar" aria-label={t('bulk.column')}>
      <p role="status" className="strong">
        {t('bulk.selected', { count: items.length })}
        {isTooMany && <span className="warn-text"> {t('bulk.tooMany', { max: PICKED_MAX })}</span>}
      </p>
      <div className="buttons">
        {(['assign', 'comment'] as const).map((act) => (
          <Button
            key={act}
            icon={act === 'assign' ? 'person' : 'note'}
            onPress={() => setOpened({ act, items })}
            isDisabled={isTooMany}
          >
            {t(`bulk.${act}`)}
          </Button>
        ))}
        <Button look="quiet" icon="cross" onPress={onClear}>
          {t('bulk.clear')}
        </Button>
      </div>
      <Dialog
        title={opened ? t(`bulk.${opened.act}.title`, { count: opened.items.length }) : ''}
        isOpen={opened !== undefined}
        onClose={() => setOpened(undefined)}
        width="wide"
      >
        {opened && (
          <BulkForm
            {...opened}
            onClose={(isDone) => {
              setOpened(undefined)
              if (isDone) onClear()
            }}
          />
        )}
      </Dialog>
    </section>
  )
}
