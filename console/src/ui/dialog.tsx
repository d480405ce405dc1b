/** A dialog over the page: holds the focus, ends with Escape, gives the focus back. */
import type { ReactNode } from 'react'
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { useT } from '../i18n/i18n.tsx'
import { IconButton } from './button.tsx'

interface Props {
  readonly title: string
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly width?: 'narrow' | 'wide'
  readonly children: ReactNode
}

export function Dialog({ title, isOpen, onClose, width = 'narrow', children }: Props) {
  const t = useT()
  return (
    <ModalOverlay
      className="overlay"
      isOpen={isOpen}
      isDismissable
      onOpenChange={(open) => open || onClose()}
    >
      <Modal className={`modal ${width}`}>
        <AriaDialog className="dialog">
          <header>
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            <IconButton label={t('common.close')} icon="cross" onPress={onClose} />
          </header>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}
