import type { Result } from '@/lib/base'
import type { FileChange, FileData, FileMap } from './files'
import { sameData } from './files'
import { mergeTexts } from './merge'

/**
 * The changes that take `changes` back, keeping what happened to the same files since: other lines stay as they are
 * now. Refuses as a whole when one file cannot be taken back without losing later work.
 */
export function revertChanges(
  files: FileMap,
  changes: readonly FileChange[],
): Result<{ changes: { path: string; after: FileData | null }[] }, { conflicts: string[] }> {
  const reverted: { path: string; after: FileData | null }[] = []
  const conflicts: string[] = []
  for (const { path, before, after } of changes) {
    const content = revertData(files.get(path) ?? null, before, after)
    if (content === undefined) conflicts.push(path)
    else reverted.push({ path, after: content })
  }
  return conflicts.length > 0 ? { ok: false, conflicts } : { ok: true, changes: reverted }
}

/** `now` without the step from `before` to `after`; undefined when they cannot be told apart. */
export function revertData(
  now: FileData | null,
  before: FileData | null,
  after: FileData | null,
): FileData | null | undefined {
  if (sameData(now, after) || sameData(now, before)) return before
  if (typeof now !== 'string' || typeof before !== 'string' || typeof after !== 'string') return undefined
  return mergeTexts(after, now, before) ?? undefined
}
