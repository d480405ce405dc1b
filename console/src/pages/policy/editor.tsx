/** One draft, two ways to write it: as a form, and as JSON. */
import { useQuery } from '@tanstack/react-query'
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components'
import { policySchema } from '../../api/queries.ts'
import { useT } from '../../i18n/i18n.tsx'
import { Notice } from '../../ui/bits.tsx'
import { TextField } from '../../ui/field.tsx'
import { Failed, Loading } from '../../ui/state.tsx'
import { PolicyForm } from './form/policy-form.tsx'
import { policyIn } from './words.ts'

const WAYS = ['form', 'json'] as const
export type Way = (typeof WAYS)[number]

interface TextProps {
  readonly text: string
  readonly wrong: ReadonlyMap<string, string>
  readonly onChange: (text: string) => void
}

interface Props extends TextProps {
  readonly way: Way
  readonly onWay: (way: Way) => void
}

export function Editor({ way, onWay, text, wrong, onChange }: Props) {
  const t = useT()
  const isJson = policyIn(text) !== undefined
  return (
    <Tabs
      className="tabs"
      selectedKey={way}
      onSelectionChange={(key) => onWay(WAYS.find((one) => one === key) ?? 'form')}
    >
      <TabList aria-label={t('policyForm.ways')} className="tab-list">
        <Tab id="form">{t('policyForm.asForm')}</Tab>
        <Tab id="json">{t('policyForm.asJson')}</Tab>
      </TabList>
      <TabPanel id="form">
        <AsForm text={text} wrong={wrong} onChange={onChange} />
      </TabPanel>
      <TabPanel id="json">
        <TextField
          label={t('policy.text')}
          hint={t('policy.textHint')}
          value={text}
          onChange={onChange}
          rows={22}
          mono
          spellCheck="false"
          error={isJson ? undefined : t('policy.unreadable')}
        />
      </TabPanel>
    </Tabs>
  )
}

function AsForm({ text, wrong, onChange }: TextProps) {
  const t = useT()
  const schema = useQuery(policySchema)
  const draft = policyIn(text)
  if (draft === undefined)
    return (
      <Notice tone="warn" icon="alert">
        <p>{t('policyForm.unreadable')}</p>
      </Notice>
    )
  if (schema.isPending) return <Loading rows={8} />
  if (schema.data === undefined) return <Failed error={schema.error} onRetry={() => void schema.refetch()} />
  return (
    <PolicyForm
      schema={schema.data}
      draft={draft}
      wrong={wrong}
      onChange={(next) => onChange(JSON.stringify(next, undefined, 2))}
    />
  )
}
