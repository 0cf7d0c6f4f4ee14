'use client'

import { RadioGroup } from 'radix-ui'
import { Tooltip } from '@/components/ui/tooltip'
import type { TurnMode } from '@/lib/agent'

const modes: { mode: TurnMode; label: string; hint: string }[] = [
  { mode: 'ask', label: 'Ask', hint: 'Answers questions. Changes nothing.' },
  { mode: 'plan', label: 'Plan', hint: 'Works out a plan. Changes nothing.' },
  { mode: 'edit', label: 'Edit', hint: 'Changes files and checks them.' },
]

export function ModePicker({
  mode,
  onChange,
  disabled,
}: {
  mode: TurnMode
  onChange: (mode: TurnMode) => void
  disabled: boolean
}) {
  const choose = (value: string) => {
    const found = modes.find((each) => each.mode === value)
    if (found) onChange(found.mode)
  }
  return (
    <RadioGroup.Root
      aria-label="Mode"
      value={mode}
      onValueChange={choose}
      disabled={disabled}
      className="flex shrink-0 rounded-md bg-sunken p-0.5"
    >
      {modes.map(({ mode: value, label, hint }) => (
        <Tooltip key={value} content={hint} side="top">
          <RadioGroup.Item
            value={value}
            className="h-6 rounded-sm px-2 text-meta text-muted transition-colors duration-120 hover:text-text disabled:opacity-50 aria-checked:bg-raised aria-checked:text-text aria-checked:shadow-[0_0_0_1px_var(--line)] touch:h-10"
          >
            {label}
          </RadioGroup.Item>
        </Tooltip>
      ))}
    </RadioGroup.Root>
  )
}
