import type { MenuEntry } from '@/components/ui/menu'
import type { CheckpointInfo } from '@/lib/session/types'

const shown = 20
export const timeOfDay = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

/** Newest first; steps that changed no file are in the list of all. */
export function checkpointEntries(
  list: readonly CheckpointInfo[],
  { choose, showAll }: { choose: (checkpoint: CheckpointInfo) => void; showAll: () => void },
): MenuEntry[] {
  if (list.length === 0) {
    return [
      { label: 'No checkpoints yet', hint: 'Each step of the agent saves one.', disabled: true, onSelect: () => {} },
    ]
  }
  const newestFirst = groupSteps(list).slice(0, shown)
  const isAll = newestFirst.length === list.length
  return [
    { heading: 'Go back to a checkpoint' },
    ...newestFirst.map(({ checkpoint }) => ({
      label: checkpoint.label,
      hint: timeOfDay.format(checkpoint.at),
      onSelect: () => choose(checkpoint),
    })),
    ...(isAll ? [] : ['separator' as const, { label: `All ${list.length} steps…`, onSelect: showAll }]),
  ]
}

export interface StepGroup {
  checkpoint: CheckpointInfo
  /** Those after it that changed no file, newest first. */
  steps: readonly CheckpointInfo[]
}

/** Newest first. */
export function groupSteps(list: readonly CheckpointInfo[]): StepGroup[] {
  const groups = new Map<string, { checkpoint: CheckpointInfo; steps: CheckpointInfo[] }>()
  for (const checkpoint of list) {
    if (checkpoint.filesOf === undefined) groups.set(checkpoint.id, { checkpoint, steps: [] })
    else groups.get(checkpoint.filesOf)?.steps.unshift(checkpoint)
  }
  return [...groups.values()].sort((a, b) => b.checkpoint.at - a.checkpoint.at)
}
