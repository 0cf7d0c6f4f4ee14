import { createStore, type StoreApi } from '@/lib/base'
import { diffStat } from './diff'
import { type FileData, sameData } from './files'
import { mergeTexts } from './merge'
import type { Edit, Workspace } from './workspace'

/** A file changed by the agent that the user has not judged yet. */
export interface ReviewFile {
  path: string
  kind: 'add' | 'update' | 'delete'
  before: string
  after: string
  binary: boolean
  additions: number
  deletions: number
  /** The user has changed the agent's own lines since: Undo takes these changes along. */
  isShared: boolean
}

export interface ReviewEntry {
  /** The file without the agent's changes: what the user does to other lines joins it. Null when there was none. */
  baseline: FileData | null
  isShared: boolean
}

/** Path → what is under review. Immutable. */
export type ReviewEntries = ReadonlyMap<string, ReviewEntry>

/** The agent's unjudged changes after one more edit. A rename is a deletion and an addition. */
export function recordEdit(entries: ReviewEntries, edit: Edit): ReviewEntries {
  const isAgents = edit.origin === 'agent' || edit.turnId !== undefined
  const next = new Map(entries)
  for (const { path, before, after } of edit.changes) {
    const entry = next.get(path)
    if (isAgents) next.set(path, entry ?? { baseline: before, isShared: false })
    else if (entry && edit.origin === 'user') next.set(path, foldUserEdit(entry, before, after))
    const now = next.get(path)
    if (now && sameData(now.baseline, after)) next.delete(path)
  }
  return next
}

/** What the user does beside the agent's lines is not under review: it belongs to both sides. */
function foldUserEdit(entry: ReviewEntry, before: FileData | null, after: FileData | null): ReviewEntry {
  const { baseline } = entry
  if (typeof baseline !== 'string' || typeof before !== 'string' || typeof after !== 'string') {
    return { ...entry, isShared: true }
  }
  const folded = mergeTexts(before, baseline, after)
  return folded === null ? { ...entry, isShared: true } : { ...entry, baseline: folded }
}

export function toReviewFile(path: string, { baseline, isShared }: ReviewEntry, current: FileData | null): ReviewFile {
  const binary = baseline instanceof Uint8Array || current instanceof Uint8Array
  const before = typeof baseline === 'string' ? baseline : ''
  const after = typeof current === 'string' ? current : ''
  return {
    path,
    kind: baseline === null ? 'add' : current === null ? 'delete' : 'update',
    before: binary ? '' : before,
    after: binary ? '' : after,
    binary,
    ...(binary ? { additions: 0, deletions: 0 } : diffStat(before, after)),
    isShared,
  }
}

/** Keep forgets the old side, Undo brings it back; without a path, for all files. */
export interface Review {
  state: StoreApi<{ files: readonly ReviewFile[] }>
  keep(path?: string): void
  undo(path?: string): void
  /** For storage; hand it to `createReview` again. */
  save(): unknown
  dispose(): void
}

/** `saved` comes from storage and is checked; what it says of files that are as before is dropped. */
export function createReview(workspace: Workspace, saved?: unknown): Review {
  let entries = parseEntries(saved)
  let shown = new Map<string, Shown>()
  const state = createStore<{ files: readonly ReviewFile[] }>(() => ({ files: list() }))

  /** Comparing texts is the costly part; what has not changed keeps its object, for React too. */
  function list(): ReviewFile[] {
    const next = new Map<string, Shown>()
    for (const [path, entry] of [...entries].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const current = workspace.files.get(path) ?? null
      if (sameData(entry.baseline, current)) continue
      const last = shown.get(path)
      const isSame = last?.entry === entry && last.current === current
      next.set(path, isSame ? last : { entry, current, file: toReviewFile(path, entry, current) })
    }
    shown = next
    return [...next.values()].map(({ file }) => file)
  }

  function show(next: ReviewEntries): void {
    if (next.size === 0 && entries.size === 0) return
    entries = next
    state.setState({ files: list() })
  }

  const dispose = workspace.subscribe((edit) => show(recordEdit(entries, edit)))

  return {
    state,
    keep(path) {
      show(path === undefined ? new Map() : new Map([...entries].filter(([other]) => other !== path)))
    },
    undo(path) {
      const chosen = [...entries].filter(([other]) => path === undefined || other === path)
      const label = chosen.length === 1 ? `Undo changes of ${chosen[0]?.[0]}` : 'Undo the agent’s changes'
      workspace.apply(
        chosen.map(([changed, { baseline }]) => ({ path: changed, after: baseline })),
        { origin: 'restore', label },
      )
    },
    save: () => [...entries].map(([path, { baseline, isShared }]) => ({ path, baseline, isShared })),
    dispose,
  }
}

interface Shown {
  entry: ReviewEntry
  current: FileData | null
  file: ReviewFile
}

function parseEntries(saved: unknown): ReviewEntries {
  if (!Array.isArray(saved)) return new Map()
  return new Map(saved.filter(isSavedEntry).map(({ path, baseline, isShared }) => [path, { baseline, isShared }]))
}

function isSavedEntry(value: unknown): value is ReviewEntry & { path: string } {
  if (typeof value !== 'object' || value === null) return false
  const { path, baseline, isShared } = value as Record<string, unknown>
  const isData = baseline === null || typeof baseline === 'string' || baseline instanceof Uint8Array
  return typeof path === 'string' && isData && typeof isShared === 'boolean'
}
