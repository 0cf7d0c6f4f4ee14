'use client'
import clsx from 'clsx'
import { Tabs as Radix } from 'radix-ui'
import type { ComponentProps, ReactNode } from 'react'

export const Tabs = Radix.Root

export function TabList({ label, className, children }: { label: string; className?: string; children: ReactNode }) {
  return (
    <Radix.List aria-label={label} className={clsx('flex items-stretch gap-1', className)}>
      {children}
    </Radix.List>
  )
}

export function Tab({ className, ...rest }: ComponentProps<typeof Radix.Trigger>) {
  return (
    <Radix.Trigger
      className={clsx(
        'relative inline-flex h-8 items-center gap-1.5 px-2 text-muted text-ui transition-colors duration-120 hover:text-text',
        'after:absolute after:inset-x-2 after:bottom-0 after:h-px after:bg-transparent',
        'focus-visible:-outline-offset-2 data-[state=active]:text-text data-[state=active]:after:bg-text touch:h-11',
        className,
      )}
      {...rest}
    />
  )
}

export function TabPanel({ className, ...rest }: ComponentProps<typeof Radix.Content>) {
  return <Radix.Content className={clsx('min-h-0 flex-1 focus-visible:-outline-offset-2', className)} {...rest} />
}
