/** A new version: the whole policy as text, what it changes, what it would have done, and proposing it to a second person. */
import { useState } from 'react'
import type { Schemas } from '../../api/client.ts'
import { useT } from '../../i18n/i18n.tsx'
import { Notice, Section } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { toast } from '../../ui/toast.tsx'
import { Difference } from './difference.tsx'
import { DryRun } from './dry-run.tsx'
import { Problems } from './problems.tsx'
import { usePolicyAct } from './use-policy-act.ts'
import { policyIn } from './words.ts'

export function Draft({ page, onClose }: { page: Schemas['PolicyPage']; onClose: () => void }) {
  const t = useT()
  // What was seen when the draft was begun: it is proposed over that, or not at all.
  const [begun] = useState(page)
  const [text, setText] = useState(() => inLines(page.inForce.text))
  const proposing = usePolicyAct(begun.etag)
  const isJson = policyIn(text) !== undefined
  const isSame = isJson && inLines(text) === inLines(begun.inForce.text)
  const isStale = page.etag !== begun.etag
  return (
    <Section title={t('policy.draft')}>
      <form
        className="form pad-form"
        onSubmit={(event) => {
          event.preventDefault()
          proposing.mutate(
            { action: 'propose-policy', text },
            {
              onSuccess() {
                toast(t('done.propose-policy'))
                onClose()
              },
            },
          )
        }}
      >
        <TextField
          label={t('policy.text')}
          hint={t('policy.textHint')}
          value={text}
          onChange={setText}
          rows={22}
          mono
          spellCheck="false"
          autoFocus
          error={isJson ? undefined : t('policy.unreadable')}
        />
        <Difference before={begun.inForce.text} after={text} />
        <DryRun text={text} isDisabled={!isJson} />
        <Notice tone="calm" icon="people">
          <p>{t('consequence.policy.propose')}</p>
        </Notice>
        {isStale && (
          <Notice tone="warn" icon="eye">
            <p className="strong">{t('policy.stale')}</p>
            <p>{t('policy.staleDraft')}</p>
          </Notice>
        )}
        {proposing.error && <Problems error={proposing.error} />}
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

function inLines(text: string): string {
  return JSON.stringify(policyIn(text) ?? {}, undefined, 2)
}
