import { VitrineError } from '@/lib/base'
import type { FileMap } from '@/lib/workspace'
import type { AgentEvent } from '../events'
import { foldHistory, isCall } from '../history'
import { type Cassette, type CassetteTurn, cassetteVersion, type Files } from './cassette'
import { addEffects, changesOf, keysOf, textOf, writingCalls } from './file-effects'
import { readRace } from './read-race'
import { readTurn } from './read-turn'

export interface RecordOptions {
  title: string
  /** The recorded events of the conversation, whole. */
  events: readonly AgentEvent[]
  /** Whether the model of the last turn takes them, as far as its patches do not tell. */
  freeformTools: boolean
  /** The files that a checkpoint holds; rejects when it is gone. */
  filesAt(checkpointId: string): Promise<FileMap>
}

interface KnownTurn {
  start: Extract<AgentEvent, { type: 'turn-start' }>
  events: readonly AgentEvent[]
  /** In order; the first is from before the turn. */
  saved: { seq: number; files: Files }[]
}

/**
 * Makes a cassette of a conversation. Where the files of a turn are not stored any more, it begins after that one, with
 * what was said until then. Rejects with a sentence when no turn is left.
 */
export async function recordCassette({ title, events, freeformTools, filesAt }: RecordOptions): Promise<Cassette> {
  const starts = events.filter((event) => event.type === 'turn-start')
  const turns: KnownTurn[] = []
  // From the end on, as long as their files are known.
  for (const [index, start] of [...starts.entries()].toReversed()) {
    const next = starts[index + 1]
    const own = events.slice(events.indexOf(start), next && events.indexOf(next)).filter(isOfConversation)
    const saved = await savedFiles(own, filesAt)
    if (saved === null) break
    turns.unshift({ start, events: own, saved })
  }
  const [first] = turns
  if (!first && starts.length > 0) {
    throw new Error('The files that the last turn began with are not stored any more, so it cannot be played again.')
  }
  const history = first ? foldHistory(events.slice(0, events.indexOf(first.start))) : []
  return {
    version: cassetteVersion,
    title,
    promptPack: first?.start.promptPack ?? '',
    freeformTools: patchesAreFreeform(turns) ?? freeformTools,
    ...(history.length > 0 && { history }),
    files: first?.saved[0]?.files ?? {},
    turns: turns.map((turn, index) => recordTurn(turn, turns[index - 1] ?? null)),
  }
}

function patchesAreFreeform(turns: readonly KnownTurn[]): boolean | null {
  const items = turns.flatMap(({ events }) => events.flatMap((event) => (event.type === 'history' ? event.items : [])))
  const patch = items.filter(isCall).find(({ name }) => name === 'apply_patch')
  return patch ? patch.type === 'custom_tool_call' : null
}

/** Reviews are on its account only. */
function isOfConversation({ type }: AgentEvent): boolean {
  return type !== 'review-step'
}

/** Null when they are not all stored. */
async function savedFiles(
  events: readonly AgentEvent[],
  filesAt: RecordOptions['filesAt'],
): Promise<KnownTurn['saved'] | null> {
  const checkpoints = events.filter((event) => event.type === 'checkpoint')
  if (checkpoints.length === 0) return null
  try {
    return await Promise.all(
      checkpoints.map(async ({ seq, checkpointId }) => ({ seq, files: textOf(await filesAt(checkpointId)) })),
    )
  } catch (error) {
    if (error instanceof VitrineError && error.code === 'not_found') return null
    throw error
  }
}

function recordTurn({ start, events, saved }: KnownTurn, last: KnownTurn | null): CassetteTurn {
  const before = saved[0]?.files ?? {}
  const turn = readTurn(start, events, before)
  if (last) turn.edits = changesOf(last.saved.at(-1)?.files ?? {}, before)
  const picked = events.find(({ type }) => type === 'candidates-picked')
  const taken = saved.find(({ seq }) => picked && seq > picked.seq)
  const race = readRace(events, { before, picked: taken?.files ?? null })
  if (race) turn.race = race
  for (const [index, { seq, files }] of saved.entries()) {
    const earlier = saved[index - 1]
    if (!earlier || saved[index] === taken) continue
    const since = events.filter((event) => event.seq > earlier.seq && event.seq < seq)
    addEffects(turn.effects, writingCalls(since, events), { before: earlier.files, after: files })
  }
  turn.expected.files = keysOf(saved.at(-1)?.files ?? before)
  return turn
}
