import type { AgentEvent } from '../events'
import { turnToMarkdown } from './thread-markdown'
import { emptyThread, foldThread, type PartView, type TurnView } from './thread-view'

const maxPatch = 6_000

/**
 * What is recorded of the last turn that changed files: what was asked, said and done, what the checks said, and the
 * patches. From the record and not from the history, which may have been shortened since. Null when nothing was changed.
 */
export function lastChange(events: readonly AgentEvent[]): { of: string; text: string } | null {
  const { turns } = events.reduce(foldThread, emptyThread)
  const turn = turns.findLast(({ changes }) => changes.length > 0)
  if (!turn) return null
  const patches = partsOf(turn).flatMap((part) =>
    part.type === 'tool' && part.tool === 'apply_patch' && part.result?.ok ? [part.detail.slice(0, maxPatch)] : [],
  )
  return { of: turn.text.split('\n', 1)[0] ?? '', text: [turnToMarkdown(turn), ...patches].join('\n\n') }
}

/** Its own, and those of the attempt that was taken. */
function partsOf({ parts }: TurnView): readonly PartView[] {
  return parts.flatMap((part) => {
    if (part.type !== 'candidates') return [part]
    return part.candidates.find(({ index }) => index === part.pick?.index)?.thread.turns[0]?.parts ?? []
  })
}
