import type { MenuEntry } from '@/components/ui/menu'
import type { CheckpointInfo } from '@/lib/session/types'

const shown = 20
const timeOfDay = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

/** Newest first. */
export function checkpointEntries(
  list: readonly CheckpointInfo[],
  choose: (checkpoint: CheckpointInfo) => void,
): MenuEntry[] {
  if (list.length === 0) {
    return [
      { label: 'No checkpoints yet', hint: 'Each turn of the agent saves one.', disabled: true, onSelect: () => {} },
    ]
  }
  const newestFirst = list.toSorted((a, b) => b.at - a.at).slice(0, shown)
  return [
    { heading: 'Go back to a checkpoint' },
    ...newestFirst.map((checkpoint) => ({
      label: checkpoint.label,
      hint: timeOfDay.format(checkpoint.at),
      onSelect: () => choose(checkpoint),
    })),
  ]
}
