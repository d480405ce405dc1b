/** The hash of a document that was seen. The document itself goes nowhere: the browser computes it. */
import { useId, useState } from 'react'
import { useT } from '../../i18n/i18n.tsx'

interface Props {
  /** SHA-256 in hexadecimal; null where there is no document. */
  readonly hash: string | null
  readonly onHash: (hash: string | null) => void
}

export function FileHash({ hash, onHash }: Props) {
  const t = useT()
  const id = useId()
  const [isUnread, setUnread] = useState(false)
  const read = async (file: File | undefined) => {
    setUnread(false)
    onHash(null)
    if (file === undefined) return
    try {
      onHash(hexOf(await crypto.subtle.digest('SHA-256', await file.arrayBuffer())))
    } catch {
      setUnread(true)
    }
  }
  return (
    <div className="field">
      <label htmlFor={id}>{t('attest.document')}</label>
      <input
        id={id}
        type="file"
        aria-describedby={`${id}-hint`}
        onChange={(event) => void read(event.target.files?.[0])}
      />
      <span id={`${id}-hint`} className="hint">
        {hash === null ? t('attest.documentHint') : <code className="code">SHA-256 {hash}</code>}
      </span>
      {isUnread && (
        <span className="field-error" role="alert">
          {t('attest.documentUnread')}
        </span>
      )}
    </div>
  )
}

function hexOf(bytes: ArrayBuffer): string {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
