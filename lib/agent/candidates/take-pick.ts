import { plural } from '@/lib/base'
import type { ResponseItem } from '@/lib/models'
import type { FileChange } from '@/lib/workspace'
import type { AgentEvent } from '../events'
import { message } from '../history'
import type { Turn } from '../turn'
import { verifyChanges } from '../verify/verify'
import type { CandidatePick } from './events'
import { describePick, pickedChanges, pickedExecutables, pickedLinks, placeChanges } from './pick'
import type { RaceState } from './race-state'

interface TakeOptions {
  state: RaceState
  /** The picked attempt's own items. */
  items: readonly ResponseItem[]
  by: 'user' | 'rank'
}

/**
 * Puts the pick into the project as one edit of the agent, its items into the thread, and checks the project. Each part
 * happens once, also when a reload came between them. False, with a notice, when the project has moved on in its way.
 */
export async function* takePick(
  turn: Turn,
  pick: CandidatePick,
  { state, items, by }: TakeOptions,
): AsyncGenerator<AgentEvent, boolean> {
  const { workspace } = turn.dependencies
  const total = turn.input.candidates ?? state.results.size
  const results = [...state.results.values()]
  const changes = pickedChanges(pick, results)
  await turn.settled()
  if (state.pick === null) {
    const placed = placeChanges(workspace.files, changes)
    if (!placed.ok) {
      yield turn.record({ type: 'notice', level: 'warning', message: describeConflict(placed.conflicts) })
      return false
    }
    // In one breath, so that storage has the edit, the pick and the items together.
    workspace.apply(placed.changes, { origin: 'agent', label: describePick(pick, total), turnId: turn.input.turnId })
    const links = pickedLinks(pick, results)
    if (links.length > 0) turn.dependencies.placeLinks?.(links)
    const executables = pickedExecutables(pick, results)
    if (executables.length > 0) turn.dependencies.placeExecutables?.(executables)
    yield turn.record({ type: 'candidates-picked', by, ...pick })
  }
  if (!state.joined) yield turn.append(...items, message('developer', describeTaking(pick, total, by)))
  if (!state.checked && changes.length > 0) yield* check(turn, changes)
  return true
}

/** The project itself is checked, not the fork: it may have moved on, and files may come from several attempts. */
async function* check(turn: Turn, changes: readonly FileChange[]): AsyncGenerator<AgentEvent> {
  const { workspace, sandbox, synced, recorded } = turn.dependencies
  const verification =
    recorded?.verification() ?? (await verifyChanges(changes, { workspace, sandbox, synced, signal: turn.signal }))
  yield turn.record({ type: 'candidates-checked', verification })
}

function describeConflict(paths: readonly string[]): string {
  return `Not taken: ${paths.join(', ')} changed in the same lines since the attempts began. Take that change back, or pick other files.`
}

function describeTaking({ index, files }: CandidatePick, total: number, by: 'user' | 'rank'): string {
  const who = by === 'user' ? 'the user took it' : 'it was taken as the best of them'
  const mixed = files.map((file) => `${file.path} (attempt ${file.index + 1})`)
  const others =
    mixed.length > 0
      ? ` ${plural(mixed.length, 'file')} came from other attempts instead, so read before you change: ${mixed.join(', ')}.`
      : ''
  return `<attempts>\nThe work above was attempt ${index + 1} of ${total}, made on a copy of the project; ${who}, and its changes are in the project now.${others} Programs it left running have ended.\n</attempts>`
}
