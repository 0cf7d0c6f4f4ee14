import { diffStat } from './diff'
import { type FileData, sameData } from './files'
import { mergeApart, mergeTexts } from './merge'
import { alignAgents, type ReviewHunk, reviewHunks } from './review-hunks'
import type { Edit } from './workspace'

/** A file changed by the agent that the user has not judged yet. */
export interface ReviewFile {
  path: string
  kind: 'add' | 'update' | 'delete'
  before: string
  after: string
  binary: boolean
  additions: number
  deletions: number
  /** What can be judged by itself, in order; none in a binary or empty file. */
  hunks: readonly ReviewHunk[]
  /** The user has changed the agent's own lines since. */
  isShared: boolean
  /** The policy wants the user to keep this file by itself, not among all. */
  needsYou: boolean
}

export interface ReviewEntry {
  /** The file without the agent's changes: what the user does to other lines joins it. Null when there was none. */
  baseline: FileData | null
  /** The file without what the user did to the agent's lines. */
  agents: FileData | null
}

/** Path → what is under review. Immutable. */
export type ReviewEntries = ReadonlyMap<string, ReviewEntry>

/** The agent's unjudged changes after one more edit. A rename is a deletion and an addition. */
export function recordEdit(entries: ReviewEntries, edit: Edit): ReviewEntries {
  const isAgents = edit.origin === 'agent' || edit.turnId !== undefined
  const isUsers = !isAgents && (edit.origin === 'user' || edit.origin === 'sandbox')
  const next = new Map(entries)
  for (const { path, before, after } of edit.changes) {
    const entry = next.get(path) ?? (isAgents ? { baseline: before, agents: before } : null)
    if (entry === null) continue
    const now = isUsers ? foldUsers(entry, before, after) : foldAgents(entry, before, after)
    if (sameData(now.baseline, after)) next.delete(path)
    else next.set(path, now)
  }
  return next
}

/** What the user does beside the agent's lines is not under review: it belongs to both sides. */
function foldUsers({ baseline, agents }: ReviewEntry, before: FileData | null, after: FileData | null): ReviewEntry {
  if (typeof baseline !== 'string' || typeof before !== 'string' || typeof after !== 'string') {
    return { baseline, agents }
  }
  return aligned({ baseline: mergeApart(before, baseline, after), agents }, after)
}

/** What the agent does, or what an undo brings back, is the agent's; what the user did to its lines stays apart. */
function foldAgents({ baseline, agents }: ReviewEntry, before: FileData | null, after: FileData | null): ReviewEntry {
  const isText = typeof agents === 'string' && typeof before === 'string' && typeof after === 'string'
  const merged = isText ? mergeTexts(before, agents, after) : null
  return aligned({ baseline, agents: merged ?? after }, after)
}

function aligned(entry: ReviewEntry, after: FileData | null): ReviewEntry {
  const { baseline, agents } = entry
  if (typeof baseline !== 'string' || typeof agents !== 'string' || typeof after !== 'string') return entry
  return { baseline, agents: alignAgents(baseline, after, agents) }
}

export function toReviewFile(
  path: string,
  { baseline, agents }: ReviewEntry,
  { current, needsYou }: { current: FileData | null; needsYou: boolean },
): ReviewFile {
  const binary = baseline instanceof Uint8Array || current instanceof Uint8Array
  const before = typeof baseline === 'string' ? baseline : ''
  const after = typeof current === 'string' ? current : ''
  const isShared = !sameData(agents, current)
  return {
    path,
    kind: baseline === null ? 'add' : current === null ? 'delete' : 'update',
    before: binary ? '' : before,
    after: binary ? '' : after,
    binary,
    ...(binary ? { additions: 0, deletions: 0 } : diffStat(before, after)),
    hunks: binary ? [] : reviewHunks(before, after, typeof agents === 'string' ? agents : after),
    isShared,
    needsYou,
  }
}

/** What storage gave, as far as it has the shape. `now` stands in where the agent's side is not stored. */
export function parseEntries(saved: unknown, now: (path: string) => FileData | null): ReviewEntries {
  if (!Array.isArray(saved)) return new Map()
  return new Map(
    saved
      .filter(isSavedEntry)
      .map(({ path, baseline, agents }) => [path, { baseline, agents: agents === undefined ? now(path) : agents }]),
  )
}

function isSavedEntry(value: unknown): value is { path: string; baseline: FileData | null; agents?: FileData | null } {
  if (typeof value !== 'object' || value === null) return false
  const { path, baseline, agents } = value as Record<string, unknown>
  return typeof path === 'string' && isData(baseline) && (agents === undefined || isData(agents))
}

function isData(value: unknown): value is FileData | null {
  return value === null || typeof value === 'string' || value instanceof Uint8Array
}
