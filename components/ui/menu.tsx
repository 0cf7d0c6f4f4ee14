'use client'
import clsx from 'clsx'
import { Check } from 'lucide-react'
import { DropdownMenu as Radix, ContextMenu as RadixContext } from 'radix-ui'
import type { ReactNode } from 'react'
import { Kbd } from './kbd'

export type MenuEntry =
  | 'separator'
  | { heading: string }
  | {
      label: string
      icon?: ReactNode
      keys?: string
      hint?: string
      tone?: 'danger'
      /** Set for entries that are on or off, or one of several. */
      checked?: boolean
      disabled?: boolean
      onSelect: () => void
    }

const contentClass = 'appear z-40 max-h-[70dvh] min-w-52 max-w-80 overflow-y-auto rounded-lg bg-raised p-1 shadow-float'
const itemClass =
  'flex min-h-7 select-none items-center gap-2 rounded-md px-2 py-1 text-ui outline-none data-[disabled]:opacity-40 data-[highlighted]:bg-selected touch:min-h-11'

type Parts = Pick<typeof Radix, 'Item' | 'CheckboxItem' | 'Separator' | 'Label'>

function Entries({ entries, parts }: { entries: readonly MenuEntry[]; parts: Parts }) {
  const hasChecks = entries.some((entry) => typeof entry === 'object' && 'checked' in entry)
  return entries.map((entry, index) => {
    // Entries of one menu never change places while it is open.
    if (entry === 'separator') return <parts.Separator key={`separator-${index}`} className="mx-2 my-1 h-px bg-line" />
    if ('heading' in entry) {
      return (
        <parts.Label key={entry.heading} className="px-2 pt-1.5 pb-1 text-meta text-muted">
          {entry.heading}
        </parts.Label>
      )
    }
    const inner = (
      <>
        {hasChecks && <Check size={14} aria-hidden className={clsx('shrink-0', !entry.checked && 'invisible')} />}
        {entry.icon && <span className="shrink-0 text-muted">{entry.icon}</span>}
        <span className="min-w-0 flex-1">
          <span className="block truncate">{entry.label}</span>
          {entry.hint && <span className="block text-meta text-muted">{entry.hint}</span>}
        </span>
        {entry.keys && <Kbd keys={entry.keys} />}
      </>
    )
    const className = clsx(itemClass, entry.tone === 'danger' && 'text-bad-text')
    return entry.checked === undefined ? (
      <parts.Item key={entry.label} disabled={entry.disabled} onSelect={entry.onSelect} className={className}>
        {inner}
      </parts.Item>
    ) : (
      <parts.CheckboxItem
        key={entry.label}
        checked={entry.checked}
        disabled={entry.disabled}
        onSelect={entry.onSelect}
        className={className}
      >
        {inner}
      </parts.CheckboxItem>
    )
  })
}

/** A button (`trigger`, one element) with a menu. */
export function Menu({
  trigger,
  entries,
  align = 'start',
}: {
  trigger: ReactNode
  entries: readonly MenuEntry[]
  align?: 'start' | 'center' | 'end'
}) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content align={align} sideOffset={4} collisionPadding={8} className={contentClass}>
          <Entries entries={entries} parts={Radix} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

/** The same entries on right click, long press or the menu key. */
export function ContextMenu({ children, entries }: { children: ReactNode; entries: readonly MenuEntry[] }) {
  return (
    <RadixContext.Root modal={false}>
      <RadixContext.Trigger asChild>{children}</RadixContext.Trigger>
      <RadixContext.Portal>
        <RadixContext.Content collisionPadding={8} className={contentClass}>
          <Entries entries={entries} parts={RadixContext} />
        </RadixContext.Content>
      </RadixContext.Portal>
    </RadixContext.Root>
  )
}
