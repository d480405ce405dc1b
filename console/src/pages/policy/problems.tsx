/** Why the gateway refused: the members that are wrong, each by its name, or one sentence. */
import { isProblem, isStale } from '../../api/problem.ts'
import { Notice } from '../../ui/bits.tsx'
import { useWords } from './difference.tsx'
import { fieldName } from './words.ts'

/** `onGo`: where the fields stand on the page, leads to one. */
export function Problems({ error, onGo }: { error: unknown; onGo?: (at: string) => void }) {
  const words = useWords()
  const { t, maybe } = words
  if (!isProblem(error))
    return (
      <p className="field-error" role="alert">
        {t('state.offline.text')}
      </p>
    )
  if (isStale(error))
    return (
      <div role="alert">
        <Notice tone="warn" icon="eye">
          <p className="strong">{t('policy.stale')}</p>
          <p>{t('changed.staleText')}</p>
        </Notice>
      </div>
    )
  if (error.fields.length === 0)
    return (
      <p className="field-error" role="alert">
        {maybe(`problem.${error.code}`, t('state.failed.text', { code: error.code }))}
      </p>
    )
  return (
    <div role="alert">
      <Notice tone="stop" icon="alert">
        <p className="strong">{t('policy.wrong', { count: error.fields.length })}</p>
        <ul className="wrong-fields">
          {error.fields.map(({ field, description }) => (
            <li key={`${field} ${description}`}>
              <Name name={fieldName(field, words)} at={field.replace(/^policy\.?/, '')} onGo={onGo} />:{' '}
              <span lang="en">{description}</span>
            </li>
          ))}
        </ul>
      </Notice>
    </div>
  )
}

interface NameProps {
  readonly name: string
  readonly at: string
  readonly onGo: ((at: string) => void) | undefined
}

function Name({ name, at, onGo }: NameProps) {
  return (
    <>
      {onGo ? (
        <button type="button" className="link-button" onClick={() => onGo(at)}>
          {name}
        </button>
      ) : (
        <b>{name}</b>
      )}{' '}
      <code className="code">{at}</code>
    </>
  )
}
