'use client'

import { useSession } from '@/components/session-context'
import { Select } from '@/components/ui/select'
import { useStore } from '@/components/use-store'
import { attemptCount, attemptCounts } from '../candidates/attempt-count'

const options = attemptCounts.map((count) => ({ value: String(count), label: `${count}×`, hint: hintOf(count) }))

/** How many attempts at the next message are made side by side. */
export function AttemptsPicker({ disabled }: { disabled: boolean }) {
  const store = attemptCount(useSession())
  const count = useStore(store, (state) => state.count)
  const isChoosing = useStore(store, (state) => state.isChoosing)
  return (
    <Select
      quiet
      label="Attempts at the next message"
      value={String(count)}
      options={options}
      disabled={disabled}
      open={isChoosing}
      onOpenChange={(open) => store.setState({ isChoosing: open })}
      onChange={(value) => store.setState({ count: attemptCounts.find((each) => String(each) === value) ?? 1 })}
      className="shrink-0 text-meta!"
    />
  )
}

function hintOf(count: number): string {
  if (count === 1) return 'One attempt, made in the project.'
  return `${count} attempts side by side, each on a copy; the tests choose. Up to ${count}× the tokens, most of the input from the cache.`
}
