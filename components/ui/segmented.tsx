'use client'
import { RadioGroup } from 'radix-ui'

/** One of a few short choices, all of them in sight. */
export function Segmented<Value extends string>({
  label,
  value,
  options,
  onChange,
}: {
  /** The accessible name. */
  label: string
  value: Value
  options: readonly { value: Value; label: string }[]
  onChange: (value: Value) => void
}) {
  const choose = (next: string) => {
    const option = options.find((candidate) => candidate.value === next)
    if (option) onChange(option.value)
  }
  return (
    <RadioGroup.Root
      aria-label={label}
      value={value}
      onValueChange={choose}
      className="flex flex-wrap gap-px rounded-md bg-sunken p-0.5"
    >
      {options.map((option) => (
        <RadioGroup.Item
          key={option.value}
          value={option.value}
          className="h-6 flex-1 rounded-sm px-2 text-meta text-muted transition-colors duration-120 hover:text-text aria-checked:bg-raised aria-checked:text-text aria-checked:shadow-[0_0_0_1px_var(--line)] touch:h-10"
        >
          {option.label}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  )
}
