/** The head of a page: what it is, in a heading and a sentence, and what can be done with it. Names the tab too. */
import { type ReactNode, useEffect } from 'react'

interface Props {
  readonly title: string
  readonly text?: ReactNode
  readonly count?: string | undefined
  readonly actions?: ReactNode
}

export function PageHead({ title, text, count, actions }: Props) {
  useEffect(() => {
    document.title = `${title} · Tamga`
  }, [title])
  return (
    <header className="page-head">
      <div>
        <h1>
          {title} {count !== undefined && <span className="count">{count}</span>}
        </h1>
        {text && <p className="quiet">{text}</p>}
      </div>
      {actions && <div className="page-actions">{actions}</div>}
    </header>
  )
}
