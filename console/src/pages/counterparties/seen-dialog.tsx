/** A form over what was seen when it opened; it stands open for as long as there is such. */
import type { ComponentType } from 'react'
import type { Schemas } from '../../api/client.ts'
import { Dialog } from '../../ui/dialog.tsx'

export type Detail = Schemas['CounterpartyDetail']

export interface SeenProps {
  readonly detail: Detail
  /** As it was when the form opened. */
  readonly seen: Detail | undefined
  readonly onClose: () => void
}

export type OpenProps = Omit<SeenProps, 'seen'> & { readonly seen: Detail }

interface Props extends SeenProps {
  readonly title: string
  readonly form: ComponentType<OpenProps>
}

export function SeenDialog({ title, form: Form, detail, seen, onClose }: Props) {
  return (
    <Dialog title={title} isOpen={seen !== undefined} onClose={onClose} width="wide">
      {seen && <Form detail={detail} seen={seen} onClose={onClose} />}
    </Dialog>
  )
}
