/** The keys, and how to switch them off. */
import { type MessageId, useT } from '../i18n/i18n.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { setShortcuts, useShortcutsOn } from './shortcuts.ts'

const PALETTE_KEY = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘K' : 'Ctrl K'

const KEYS: readonly (readonly [string, MessageId])[] = [
  ['j', 'help.next'],
  ['k', 'help.previous'],
  ['Enter', 'help.open'],
  ['/', 'help.search'],
  [PALETTE_KEY, 'help.palette'],
  ['x', 'help.select'],
  ['a', 'help.assign'],
  ['r', 'help.release'],
  ['d', 'help.reject'],
  ['e', 'help.escalate'],
  ['c', 'help.comment'],
  ['?', 'help.help'],
  ['Esc', 'help.close'],
]

export function Help({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const t = useT()
  const isOn = useShortcutsOn()
  return (
    <Dialog title={t('help.title')} isOpen={isOpen} onClose={onClose}>
      <p className="quiet">{t('help.text')}</p>
      <dl className="keys">
        {KEYS.map(([key, text]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(text)}</dd>
          </div>
        ))}
      </dl>
      <label className="check">
        <input type="checkbox" checked={isOn} onChange={(event) => setShortcuts(event.target.checked)} />
        {t('person.shortcuts')}
      </label>
    </Dialog>
  )
}
