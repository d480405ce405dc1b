/** What the counterparty answered, by the newest form: all of it at once, over what was seen. Wrong answers are said at their questions. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Schemas } from '../../api/client.ts'
import { isProblem } from '../../api/problem.ts'
import { questionnaireForms } from '../../api/queries.ts'
import { useFormat } from '../../i18n/format.ts'
import { useLanguage, useT } from '../../i18n/i18n.tsx'
import { ActError } from '../../ui/act-error.tsx'
import { Notice } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { Select, TextField } from '../../ui/field.tsx'
import { Failed, Loading } from '../../ui/state.tsx'
import { toast } from '../../ui/toast.tsx'
import { type Detail, type OpenProps, SeenDialog, type SeenProps } from './seen-dialog.tsx'
import { useCounterpartyAct } from './use-counterparty-act.ts'

type Question = Schemas['Question']
type Answers = Readonly<Record<string, string>>

export function QuestionnaireForm(props: SeenProps) {
  const t = useT()
  return <SeenDialog title={t('form.record-questionnaire')} form={Known} {...props} />
}

function Known(props: OpenProps) {
  const forms = useQuery(questionnaireForms)
  if (forms.isPending) return <Loading rows={6} />
  const [form] = forms.data?.items ?? []
  if (form === undefined) return <Failed error={forms.error} onRetry={() => void forms.refetch()} />
  return <Form {...props} form={form.form} questions={form.questions} />
}

interface FormProps extends OpenProps {
  readonly form: string
  readonly questions: readonly Question[]
}

function Form({ detail, seen, onClose, form, questions }: FormProps) {
  const t = useT()
  const [answers, setAnswers] = useState<Answers>(() => before(seen, questions))
  const [sent, setSent] = useState<Answers>({})
  const sending = useCounterpartyAct(detail.counterparty.id, seen.etag)
  const isChanged = detail.etag !== seen.etag && !sending.isSuccess
  const wrong = isProblem(sending.error) ? sending.error.fields : []
  const isWrong = ({ id }: Question) =>
    answers[id] === sent[id] && wrong.some(({ field }) => field === `answers.${id}`)
  return (
    <form
      className="form"
      // What the gateway found wrong must not keep the browser from sending what was mended.
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (isChanged || sending.isPending) return
        setSent(answers)
        sending.mutate(
          { action: 'questionnaire', questionnaire: { form, answers: asSent(questions, answers) } },
          {
            onSuccess() {
              toast(t('done.record-questionnaire'))
              onClose()
            },
          },
        )
      }}
    >
      <p className="hint">{t('questionnaire.hint', { form })}</p>
      {questions.map((question) => (
        <QuestionField
          key={question.id}
          question={question}
          value={answers[question.id] ?? ''}
          isWrong={isWrong(question)}
          onChange={(answer) => setAnswers({ ...answers, [question.id]: answer })}
        />
      ))}
      <Notice tone="calm" icon="right">
        <p>{t('consequence.record-questionnaire')}</p>
      </Notice>
      <ActError error={sending.error} isChanged={isChanged} />
      <footer className="dialog-actions">
        <Button onPress={onClose}>{t('common.cancel')}</Button>
        <Button type="submit" look="primary" isDisabled={isChanged || sending.isPending}>
          {t('send.record-questionnaire')}
        </Button>
      </footer>
    </form>
  )
}

interface QuestionProps {
  readonly question: Question
  readonly value: string
  readonly isWrong: boolean
  readonly onChange: (answer: string) => void
}

function QuestionField({ question: { id, type, required, asks }, value, isWrong, onChange }: QuestionProps) {
  const { t, maybe } = useLanguage()
  const format = useFormat()
  const name = maybe(`ddq.${id}`, asks)
  const label = required ? name : t('questionnaire.optional', { question: name })
  const error = isWrong ? t(`questionnaire.right.${type}`) : undefined
  const choices = CHOICES[type]
  if (choices !== undefined)
    return (
      <Select
        label={label}
        value={value}
        error={error}
        choices={['', ...choices].map((one) => ({
          value: one,
          label: one === '' ? t('questionnaire.unanswered') : maybe(`ddqAnswer.${one}`, one),
        }))}
        onChange={onChange}
      />
    )
  const isCountries = type === 'country' || type === 'countries'
  const countries = isCountries ? listOf(value).map((code) => format.country(code)) : []
  return (
    <TextField
      label={label}
      value={value}
      error={error}
      isRequired={required}
      hint={countries.length > 0 ? countries.join(', ') : t(`questionnaire.as.${type}`)}
      onChange={(text) => onChange(isCountries ? text.toUpperCase() : text)}
    />
  )
}

const CHOICES: { readonly [T in Question['type']]?: readonly string[] } = {
  'yes-no': ['yes', 'no'],
  degree: ['yes', 'partially', 'no'],
}

/** What it answered last is where the next answers begin. */
function before({ questionnaire }: Detail, questions: readonly Question[]): Answers {
  const asked = new Set(questions.map(({ id }) => id))
  const known = questionnaire?.answers ?? []
  return Object.fromEntries(known.filter(({ id }) => asked.has(id)).map(({ id, answer }) => [id, answer]))
}

/** A question that was left empty is not answered. */
function asSent(questions: readonly Question[], answers: Answers): Schemas['RecordQuestionnaire']['answers'] {
  const given = questions.flatMap(({ id, type }) => {
    const answer = (answers[id] ?? '').trim()
    return answer === '' ? [] : [[id, type === 'countries' ? listOf(answer) : answer] as const]
  })
  return Object.fromEntries(given)
}

function listOf(text: string): string[] {
  return text.split(/[\s,;]+/).filter((one) => one !== '')
}
