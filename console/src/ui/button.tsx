/** Buttons and links that look like them. One `primary` a view: it is the colour of ink, because colour has other work to do. */
import { createLink, type LinkComponent } from '@tanstack/react-router'
import type { AnchorHTMLAttributes, ReactNode, Ref } from 'react'
import { Button as AriaButton, type ButtonProps, Tooltip, TooltipTrigger } from 'react-aria-components'
import { Icon, type IconName } from './icon.tsx'

type Look = 'plain' | 'primary' | 'danger' | 'quiet'

interface Props extends Omit<ButtonProps, 'children' | 'className'> {
  readonly look?: Look
  readonly icon?: IconName
  readonly children: ReactNode
}

export function Button({ look = 'plain', icon, children, ...rest }: Props) {
  return (
    <AriaButton {...rest} className={`button ${look}`}>
      {icon && <Icon name={icon} />}
      <span>{children}</span>
    </AriaButton>
  )
}

/** Shows its name as a tip on hover and focus. */
export function IconButton({
  label,
  icon,
  ...rest
}: Omit<Props, 'children' | 'look' | 'icon'> & { label: string; icon: IconName }) {
  return (
    <TooltipTrigger delay={400}>
      <AriaButton {...rest} aria-label={label} className="button quiet icon-only">
        <Icon name={icon} />
      </AriaButton>
      <Tooltip className="tip">{label}</Tooltip>
    </TooltipTrigger>
  )
}

interface AnchorProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  readonly look?: Look
  readonly icon?: IconName
  readonly ref?: Ref<HTMLAnchorElement>
}

/** For downloads and other plain addresses. */
export function ButtonAnchor({ look = 'plain', icon, children, ref, ...rest }: AnchorProps) {
  return (
    <a {...rest} ref={ref} className={`button ${look}`}>
      {icon && <Icon name={icon} />}
      <span>{children}</span>
    </a>
  )
}

const RoutedAnchor = createLink(ButtonAnchor)
export const ButtonLink: LinkComponent<typeof ButtonAnchor> = (props) => (
  <RoutedAnchor preload="intent" {...props} />
)
