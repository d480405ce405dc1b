/** `⌘K` or `Ctrl K` opens the palette, also while somebody types; never over another dialog. */
import { lazy, Suspense, useEffect, useState } from 'react'
import { Dialog as AriaDialog, Modal, ModalOverlay } from 'react-aria-components'
import { useT } from '../i18n/i18n.tsx'

const load = () => import('./palette.tsx').then((module) => ({ default: module.Finder }))
const Finder = lazy(load)

/** Only its contents are loaded later: the dialog is there at once, so that no key that is meant for it does anything else. */
export function PaletteDialog() {
  const t = useT()
  const [isOpen, setOpen] = useState(false)
  usePaletteKey(() => setOpen(true))
  return (
    <ModalOverlay className="overlay" isOpen={isOpen} isDismissable onOpenChange={setOpen}>
      <Modal className="modal wide">
        <AriaDialog className="palette" aria-label={t('palette.title')}>
          <Suspense>
            <Finder onClose={() => setOpen(false)} />
          </Suspense>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}

const IDLE_MS = 2_000

function usePaletteKey(open: () => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return
      if (event.key.toLowerCase() !== 'k' || event.isComposing) return
      if (document.querySelector('[role="dialog"]') !== null) return
      event.preventDefault()
      open()
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  })
  // Before anybody presses the keys, but after the page itself.
  useEffect(() => {
    const timer = setTimeout(() => void load().catch(() => undefined), IDLE_MS)
    return () => clearTimeout(timer)
  }, [])
}
