import clsx from 'clsx'
import type { ComponentProps } from 'react'

export function Input({ className, ...rest }: ComponentProps<'input'>) {
  return (
    <input
      autoComplete="off"
      spellCheck={false}
      className={clsx(
        'h-7 w-full min-w-0 rounded-md border border-line-strong bg-raised px-2 text-text text-ui placeholder:text-muted',
        'focus-visible:border-you focus-visible:outline-1 focus-visible:outline-offset-0 aria-invalid:border-bad touch:h-11 touch:text-base',
        className,
      )}
      {...rest}
    />
  )
}
