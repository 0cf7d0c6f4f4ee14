'use client'
import clsx from 'clsx'
import { Popover as Radix } from 'radix-ui'
import type { ReactNode } from 'react'

/** A button (`trigger`, one element) with a small pane beside it, for content that is no menu. */
export function Popover({
  label,
  trigger,
  open,
  onOpenChange,
  className,
  children,
}: {
  /** The accessible name of the pane. */
  label: string
  trigger: ReactNode
  open: boolean
  onOpenChange: (open: boolean) => void
  className?: string
  children: ReactNode
}) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          aria-label={label}
          align="end"
          sideOffset={4}
          collisionPadding={8}
          className={clsx('appear z-40 overflow-y-auto rounded-lg bg-raised p-1 shadow-float outline-none', className)}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
