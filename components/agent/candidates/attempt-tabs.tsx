import { RadioGroup } from 'radix-ui'

/** On a narrow screen one attempt shows at a time. */
export function AttemptTabs({
  order,
  value,
  onChange,
}: {
  order: readonly number[]
  value: number
  onChange: (index: number) => void
}) {
  return (
    <RadioGroup.Root
      aria-label="Attempt shown"
      value={String(value)}
      onValueChange={(next) => onChange(Number(next))}
      className="mb-3 flex flex-wrap gap-1"
    >
      {order.map((index) => (
        <RadioGroup.Item
          key={index}
          value={String(index)}
          className="tabular h-7 min-w-11 rounded-md border bg-raised px-2.5 text-ui text-muted aria-checked:border-line-strong aria-checked:bg-selected aria-checked:text-text touch:h-11"
        >
          {index + 1}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  )
}
