/** A new version: the whole policy as a form or as text, what it changes, what it would have done, and proposing it to a second person. */
import { useEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import type { Schemas } from '../../api/client.ts'
import { isProblem } from '../../api/problem.ts'
import { useT } from '../../i18n/i18n.tsx'
import { Notice, Section } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { toast } from '../../ui/toast.tsx'
import { Difference } from './difference.tsx'
import { DryRun } from './dry-run.tsx'
import { Editor, type Way } from './editor.tsx'
import { goTo } from './form/context.ts'
import { stillWrong } from './form/shape.ts'
import { Problems } from './problems.tsx'
import { usePolicyAct } from './use-policy-act.ts'
import { policyIn } from './words.ts'

interface Refused {
  readonly error: unknown
  readonly text: string
}

export function Draft({ page, onClose }: { page: Schemas['PolicyPage']; onClose: () => void }) {
  const t = useT()
  // What was seen when the draft was begun: it is proposed over that, or not at all.
  const [begun] = useState(page)
  const [text, setText] = useState(() => inLines(page.inForce.text))
  const [way, setWay] = useState<Way>('form')
  const [refused, setRefused] = useState<Refused>()
  const proposing = usePolicyAct(begun.etag)
  const policy = policyIn(text)
  const isJson = policy !== undefined
  const isSame = isJson && inLines(text) === inLines(begun.inForce.text)
  const isStale = page.etag !== begun.etag
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => form.current?.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]')?.focus(), [])
  const goToField = (at: string) => {
    // The field must be there before it can have the focus.
    flushSync(() => setWay('form'))
    goTo(at)
  }
  return (
    <Section title={t('policy.draft')}>
      <form
        ref={form}
        className="form pad-form"
        // What is right is the gateway's to say, at the field; the browser must not stop what was mended.
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          proposing.mutate(
            { action: 'propose-policy', text },
            {
              onSuccess() {
                toast(t('done.propose-policy'))
                onClose()
              },
              onError: (error) => setRefused({ error, text }),
            },
          )
        }}
      >
        <Editor way={way} onWay={setWay} text={text} wrong={wrongIn(refused, policy)} onChange={setText} />
        <Difference before={begun.inForce.text} after={text} />
        <DryRun
          text={text}
          isDisabled={!isJson}
          onRefused={(error, tried) => setRefused({ error, text: tried })}
          onGo={goToField}
        />
        <Notice tone="calm" icon="people">
          <p>{t('consequence.policy.propose')}</p>
        </Notice>
        {isStale && (
          <Notice tone="warn" icon="eye">
            <p className="strong">{t('policy.stale')}</p>
            <p>{t('policy.staleDraft')}</p>
          </Notice>
        )}
        {proposing.error && <Problems error={proposing.error} onGo={goToField} />}
        <footer className="dialog-actions">
          <Button onPress={onClose}>{t('common.cancel')}</Button>
          <Button
            type="submit"
            look="primary"
            isDisabled={!isJson || isSame || isStale || proposing.isPending}
          >
            {t('send.propose-policy')}
          </Button>
        </footer>
      </form>
    </Section>
  )
}

function wrongIn(refused: Refused | undefined, policy: unknown): ReadonlyMap<string, string> {
  if (refused === undefined || !isProblem(refused.error)) return new Map()
  return stillWrong(refused.error.fields, policyIn(refused.text), policy)
}

function inLines(text: string): string {
  return JSON.stringify(policyIn(text) ?? {}, undefined, 2)
}
