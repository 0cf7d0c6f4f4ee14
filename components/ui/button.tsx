import clsx from 'clsx'
import type { ComponentProps } from 'react'
import { Spinner } from './spinner'

export type ButtonTone = 'primary' | 'default' | 'quiet' | 'danger'

const tones: Record<ButtonTone, string> = {
  primary: 'bg-you-solid text-on-solid hover:brightness-110 border border-transparent',
  default: 'bg-raised text-text border border-line hover:border-line-strong',
  quiet: 'text-muted hover:text-text hover:bg-hover border border-transparent',
  danger: 'bg-bad-solid text-on-solid hover:brightness-110 border border-transparent',
}
const sizes = {
  // For a finger it is 44 px high like the others, and looks smaller, so that it fits into bars.
  sm: "h-6 px-2 text-meta gap-1 rounded-sm touch:relative touch:h-9 touch:rounded-md touch:px-2.5 touch:after:absolute touch:after:inset-x-0 touch:after:-inset-y-1 touch:after:content-['']",
  md: 'h-7 px-2.5 text-ui gap-1.5 rounded-md touch:min-h-11',
  lg: 'h-9 px-3.5 text-ui gap-2 rounded-md touch:min-h-11',
}

export interface ButtonProps extends ComponentProps<'button'> {
  tone?: ButtonTone
  size?: keyof typeof sizes
  /** Shows a spinner and refuses presses. */
  busy?: boolean
}

export function Button({
  tone = 'default',
  size = 'md',
  busy = false,
  className,
  children,
  disabled,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      className={clsx(
        'inline-flex shrink-0 select-none items-center justify-center whitespace-nowrap font-medium transition-[background-color,border-color,color,filter] duration-120',
        'disabled:cursor-not-allowed disabled:opacity-50',
        sizes[size],
        tones[tone],
        className,
      )}
      {...rest}
    >
      {busy && <Spinner size={12} />}
      {children}
    </button>
  )
}
