import clsx from 'clsx'
import type { ComponentProps, ReactNode } from 'react'
import { Tooltip } from './tooltip'

export interface IconButtonProps extends Omit<ComponentProps<'button'>, 'aria-label'> {
  /** The accessible name, also shown as the tooltip. */
  label: string
  /** Key names for the tooltip, e.g. `Ctrl+P`. */
  keys?: string
  size?: 'sm' | 'md'
  pressed?: boolean
  children: ReactNode
}

export function IconButton({ label, keys, size = 'md', pressed, className, children, ...rest }: IconButtonProps) {
  return (
    <Tooltip content={label} keys={keys}>
      <button
        type="button"
        aria-label={label}
        aria-pressed={pressed}
        className={clsx(
          'inline-flex shrink-0 items-center justify-center rounded-md text-muted transition-colors duration-120',
          'hover:bg-hover hover:text-text aria-pressed:bg-selected aria-pressed:text-text disabled:pointer-events-none disabled:opacity-40',
          'data-[state=open]:bg-selected data-[state=open]:text-text touch:min-h-11 touch:min-w-11',
          size === 'sm' ? 'size-6' : 'size-7',
          className,
        )}
        {...rest}
      >
        {children}
      </button>
    </Tooltip>
  )
}
