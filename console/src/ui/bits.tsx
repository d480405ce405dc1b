/** Small things that many pages show. */
import { type ReactNode, useState } from 'react'
import { useFormat } from '../i18n/format.ts'
import { useT } from '../i18n/i18n.tsx'
import { IconButton } from './button.tsx'
import { Icon, type IconName } from './icon.tsx'
import { useNow } from './now.ts'

export type Tone = 'calm' | 'go' | 'warn' | 'stop' | 'accent'

export function Chip({
  tone = 'calm',
  icon,
  children,
}: {
  tone?: Tone
  icon?: IconName
  children: ReactNode
}) {
  return (
    <span className={`chip ${tone}`}>
      {icon && <Icon name={icon} size={13} />}
      <span>{children}</span>
    </span>
  )
}

/** A moment in full on hover, and short in the text. */
export function Moment({ at, full = false }: { at: string | Date; full?: boolean }) {
  const format = useFormat()
  const date = new Date(at)
  return (
    <time dateTime={date.toISOString()} title={full ? undefined : format.moment(date)}>
      {full ? format.moment(date) : format.short(date)}
    </time>
  )
}

export function Ago({ at }: { at: string | Date }) {
  const format = useFormat()
  const date = new Date(at)
  return (
    <time dateTime={date.toISOString()} title={format.moment(date)}>
      {format.relative(Math.min(0, date.getTime() - useNow()))}
    </time>
  )
}

const HOUR = 3_600_000

/** Time left to a deadline, in text, colour and icon. Never announced by itself: it changes every second. */
export function Countdown({ to, overdue = false }: { to: string; overdue?: boolean }) {
  const t = useT()
  const format = useFormat()
  const left = new Date(to).getTime() - useNow()
  const isLate = overdue || left <= 0
  const tone = isLate ? 'stop' : left < HOUR ? 'warn' : 'calm'
  return (
    <time className={`countdown ${tone}`} dateTime={to} title={format.moment(new Date(to))}>
      <Icon name={isLate ? 'alert' : 'clock'} size={14} />
      <span>{isLate ? t('deadline.late', { span: format.span(left) }) : format.span(left)}</span>
    </time>
  )
}

export function Facts({ children }: { children: ReactNode }) {
  return <dl className="facts">{children}</dl>
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

/** A long identifier: its ends are shown, all of it is copied. */
export function Copyable({ text, label, short = true }: { text: string; label: string; short?: boolean }) {
  const t = useT()
  const [isCopied, setCopied] = useState(false)
  const copy = () => {
    void navigator.clipboard.writeText(text).then(() => setCopied(true))
    setTimeout(() => setCopied(false), 2000)
  }
  return (
    <span className="copyable">
      <code title={text}>{short && text.length > 20 ? `${text.slice(0, 8)}…${text.slice(-6)}` : text}</code>
      <IconButton
        label={isCopied ? t('common.copied') : label}
        icon={isCopied ? 'check' : 'copy'}
        onPress={copy}
      />
    </span>
  )
}

export function Notice({ tone, icon, children }: { tone: Tone; icon: IconName; children: ReactNode }) {
  return (
    <div className={`notice ${tone}`}>
      <Icon name={icon} />
      <div>{children}</div>
    </div>
  )
}

export function Section({
  title,
  aside,
  children,
  id,
}: {
  title: string
  aside?: ReactNode
  children: ReactNode
  id?: string
}) {
  return (
    <section className="section" id={id} aria-label={title}>
      <header>
        <h2>{title}</h2>
        {aside}
      </header>
      {children}
    </section>
  )
}

export function Mark() {
  return (
    <svg className="mark" width="40" height="40" viewBox="0 0 32 32" aria-hidden="true">
      <g fill="none" stroke="currentColor" strokeWidth="2.4" strokeLinecap="round">
        <path d="M7 10.5a9 9 0 0 1 18 0" />
        <path d="M16 10.5V27" />
        <path d="M9.5 20a6.5 6.5 0 0 0 13 0" />
      </g>
    </svg>
  )
}
