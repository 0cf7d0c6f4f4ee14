'use client'
import clsx from 'clsx'
import { Check, ChevronDown } from 'lucide-react'
import { Select as Radix } from 'radix-ui'

export interface SelectOption<Value extends string> {
  value: Value
  label: string
  hint?: string
}

export function Select<Value extends string>({
  label,
  value,
  options,
  onChange,
  quiet = false,
  className,
  disabled,
  open,
  onOpenChange,
}: {
  /** The accessible name. */
  label: string
  value: Value
  options: readonly SelectOption<Value>[]
  onChange: (value: Value) => void
  /** Without a border, for toolbars. */
  quiet?: boolean
  className?: string
  disabled?: boolean
  /** Together, for a list that something else opens as well. */
  open?: boolean
  onOpenChange?: (open: boolean) => void
}) {
  const choose = (next: string) => {
    const option = options.find((candidate) => candidate.value === next)
    if (option) onChange(option.value)
  }
  return (
    <Radix.Root value={value} onValueChange={choose} disabled={disabled} open={open} onOpenChange={onOpenChange}>
      <Radix.Trigger
        aria-label={label}
        className={clsx(
          'inline-flex h-7 min-w-0 items-center gap-1 rounded-md text-ui transition-colors duration-120 disabled:opacity-50 touch:h-11',
          quiet
            ? 'px-1.5 text-muted hover:bg-hover hover:text-text'
            : 'border border-line-strong bg-raised px-2 hover:border-text',
          className,
        )}
      >
        <span className="truncate">
          <Radix.Value />
        </span>
        <ChevronDown size={12} aria-hidden className="shrink-0 opacity-70" />
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          position="popper"
          sideOffset={4}
          collisionPadding={8}
          className="appear z-50 max-h-[60dvh] min-w-[var(--radix-select-trigger-width)] max-w-80 overflow-hidden rounded-lg bg-raised p-1 shadow-float"
        >
          <Radix.Viewport>
            {options.map((option) => (
              <Radix.Item
                key={option.value}
                value={option.value}
                className="flex min-h-7 select-none items-start gap-2 rounded-md py-1 pr-3 pl-2 text-ui outline-none data-[highlighted]:bg-selected touch:min-h-11 touch:items-center"
              >
                <span className="flex h-5 w-3.5 items-center">
                  <Radix.ItemIndicator>
                    <Check size={14} aria-hidden />
                  </Radix.ItemIndicator>
                </span>
                <span>
                  <Radix.ItemText>{option.label}</Radix.ItemText>
                  {option.hint && <span className="block text-meta text-muted">{option.hint}</span>}
                </span>
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
