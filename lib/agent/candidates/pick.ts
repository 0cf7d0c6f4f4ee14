import { plural } from '@/lib/base'
import {
  type ExecutableChange,
  type FileChange,
  type FileData,
  type FileMap,
  isLink,
  type LinkChange,
  mergeTexts,
  sameData,
} from '@/lib/workspace'
import type { CandidatePick, CandidateResult } from './events'
import { fromRecordedChange } from './recorded-data'

/** The changes of a pick: the attempt's own, but for the files that another one gives (or leaves as they were). */
export function pickedChanges(pick: CandidatePick, results: readonly CandidateResult[]): FileChange[] {
  const changesOf = (index: number) => results.find((result) => result.index === index)?.changes ?? []
  const elsewhere = new Set(pick.files.map(({ path }) => path))
  const own = changesOf(pick.index).filter(({ path }) => !elsewhere.has(path))
  const others = pick.files.flatMap(({ path, index }) => changesOf(index).filter((change) => change.path === path))
  return [...own, ...others].map(fromRecordedChange).sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** The symbolic links of a pick are the attempt's own; where another one gives the file, it lies in the link's place. */
export function pickedLinks(pick: CandidatePick, results: readonly CandidateResult[]): LinkChange[] {
  const elsewhere = new Set(pick.files.map(({ path }) => path))
  const links = results.find(({ index }) => index === pick.index)?.links ?? []
  return links.filter(({ path, target }) => !elsewhere.has(path) && (target === null || isLink(path, target)))
}

/** Of each file, as the attempt that gives it left it. */
export function pickedExecutables(pick: CandidatePick, results: readonly CandidateResult[]): ExecutableChange[] {
  const giverOf = new Map(pick.files.map(({ path, index }) => [path, index]))
  return results.flatMap(({ index, executables = [] }) =>
    executables.filter(({ path }) => (giverOf.get(path) ?? pick.index) === index),
  )
}

export type Placement =
  | { ok: true; changes: { path: string; after: FileData | null }[] }
  | { ok: false; conflicts: string[] }

/**
 * Puts changes made on a fork into files that may have moved on: other lines stay as they are now. A file that already
 * has its change is left alone, so that placing twice is placing once.
 */
export function placeChanges(files: FileMap, changes: readonly FileChange[]): Placement {
  const placed: { path: string; after: FileData | null }[] = []
  const conflicts: string[] = []
  for (const { path, before, after } of changes) {
    const now = files.get(path) ?? null
    if (sameData(now, after)) continue
    const merged = sameData(now, before) ? after : merge(before, now, after)
    if (merged === undefined) conflicts.push(path)
    else if (!sameData(now, merged)) placed.push({ path, after: merged })
  }
  return conflicts.length > 0 ? { ok: false, conflicts } : { ok: true, changes: placed }
}

export function describePick({ index, files }: CandidatePick, total: number): string {
  const more = files.length > 0 ? ` with ${plural(files.length, 'file')} from others` : ''
  return `Attempt ${index + 1} of ${total}${more}`
}

function merge(before: FileData | null, now: FileData | null, after: FileData | null): string | undefined {
  if (typeof before !== 'string' || typeof now !== 'string' || typeof after !== 'string') return undefined
  return mergeTexts(before, now, after) ?? undefined
}
