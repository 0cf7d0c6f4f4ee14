import { joinPath } from '@/lib/base'
import { parsePatch } from './parse'
import { parseLenient } from './parse-lenient'
import { placeLenient } from './place-lenient'
import { placeStrict } from './place-strict'
import { rewrite } from './placement'
import type { Chunk, PatchSection } from './section'
import { splitSource } from './text-lines'

/**
 * `strict`: what the Codex CLI does, to the byte; sections before a failing one stay applied.
 * `lenient`: also takes the forms models slip into, refuses what is ambiguous, and applies all or nothing.
 */
export type PatchMode = 'strict' | 'lenient'

/** The net change of one path. A move is a deletion and an addition, joined by `movedFrom`. */
export interface PatchChange {
  path: string
  kind: 'add' | 'update' | 'delete'
  before: string | null
  after: string | null
  additions: number
  deletions: number
  movedFrom?: string
}

type PatchFailureReason = 'invalid-patch' | 'bad-path' | 'missing-file' | 'path-conflict' | 'no-match' | 'ambiguous'

/** On failure `files` and `changes` are what remains: everything before the failing section in strict mode, nothing in lenient. */
export type PatchResult =
  | { ok: true; files: ReadonlyMap<string, string>; changes: PatchChange[] }
  | {
      ok: false
      reason: PatchFailureReason
      /** For the model: what was expected, and what the file has instead. */
      message: string
      files: ReadonlyMap<string, string>
      changes: PatchChange[]
    }

interface Failure {
  reason: PatchFailureReason
  message: string
}

/** The files while sections are applied, with the line counts of each path. */
interface Draft {
  files: Map<string, string>
  counts: Map<string, { additions: number; deletions: number }>
  movedFrom: Map<string, string>
  /** Paths whose folders exist even when emptied: on a disk they stay (strict), in a file map they do not (lenient). */
  everPresent: readonly string[]
}

/** Applies a patch to files given as path → text. Never throws for what the patch or the files say. */
export function applyPatch(
  files: ReadonlyMap<string, string>,
  patch: string,
  options: { mode: PatchMode },
): PatchResult {
  const parsed = options.mode === 'strict' ? parsePatch(patch) : parseLenient(patch)
  if (!parsed.ok) return { ok: false, reason: 'invalid-patch', message: parsed.message, files, changes: [] }
  if (parsed.sections.length === 0) {
    return { ok: false, reason: 'invalid-patch', message: 'The patch changes no files.', files, changes: [] }
  }
  const everPresent = options.mode === 'strict' ? [...files.keys()] : []
  const draft: Draft = { files: new Map(files), counts: new Map(), movedFrom: new Map(), everPresent }
  for (const section of parsed.sections) {
    const failure = applySection(draft, section, options.mode)
    if (failure === null) continue
    if (options.mode === 'lenient') return { ok: false, ...failure, files, changes: [] }
    return { ok: false, ...failure, files: draft.files, changes: netChanges(files, draft) }
  }
  return { ok: true, files: draft.files, changes: netChanges(files, draft) }
}

function applySection(draft: Draft, section: PatchSection, mode: PatchMode): Failure | null {
  const path = joinPath(section.path)
  if (!path || section.path.startsWith('/')) return badPath(section.path)
  if (section.kind === 'add') return write(draft, path, section.content, lineCount(section.content), 0)
  const before = draft.files.get(path)
  if (before === undefined) return missing(draft, path, section.kind)
  if (section.kind === 'delete') return remove(draft, path, lineCount(before))
  return update(draft, path, before, section, mode)
}

function update(
  draft: Draft,
  path: string,
  before: string,
  section: Extract<PatchSection, { kind: 'update' }>,
  mode: PatchMode,
): Failure | null {
  const edited =
    mode === 'strict' ? editStrict(before, section.chunks, path) : editLenient(before, section.chunks, path)
  if (!edited.ok) return edited
  const additions = countKind(section.chunks, 'add')
  const deletions = countKind(section.chunks, 'remove')
  if (section.moveTo === null) return write(draft, path, edited.content, additions, deletions)
  const target = joinPath(section.moveTo)
  if (!target || section.moveTo.startsWith('/')) return badPath(section.moveTo)
  if (target === path && mode === 'lenient') return write(draft, path, edited.content, additions, deletions)
  const failure = write(draft, target, edited.content, additions, deletions)
  if (failure !== null) return failure
  draft.movedFrom.set(target, path)
  return remove(draft, path, 0)
}

type Edited = { ok: true; content: string } | ({ ok: false } & Failure)

function editStrict(content: string, chunks: readonly Chunk[], path: string): Edited {
  const placed = placeStrict(textsOf(content), chunks, path)
  return placed.ok ? { ok: true, content: rewrite(content, placed.placements) } : placed
}

function editLenient(content: string, chunks: readonly Chunk[], path: string): Edited {
  if (chunks.length === 0) return { ok: true, content }
  // A byte order mark is no part of the first line's text.
  const mark = content.startsWith('\ufeff') ? '\ufeff' : ''
  const body = content.slice(mark.length)
  const placed = placeLenient(textsOf(body), chunks, path)
  return placed.ok ? { ok: true, content: mark + rewrite(body, placed.placements) } : placed
}

function textsOf(content: string): string[] {
  return splitSource(content).map((line) => line.text)
}

function write(draft: Draft, path: string, content: string, additions: number, deletions: number): Failure | null {
  const present = [...draft.files.keys()]
  const blocking =
    [...present, ...draft.everPresent].find((other) => other.startsWith(`${path}/`)) ??
    present.find((other) => path.startsWith(`${other}/`))
  if (blocking !== undefined) {
    return { reason: 'path-conflict', message: `Failed to write file ${path}: ${blocking} is in the way.` }
  }
  draft.files.set(path, content)
  count(draft, path, additions, deletions)
  return null
}

function remove(draft: Draft, path: string, deletions: number): null {
  draft.files.delete(path)
  count(draft, path, 0, deletions)
  return null
}

function count(draft: Draft, path: string, additions: number, deletions: number) {
  const so = draft.counts.get(path) ?? { additions: 0, deletions: 0 }
  draft.counts.set(path, { additions: so.additions + additions, deletions: so.deletions + deletions })
}

function badPath(path: string): Failure {
  return {
    reason: 'bad-path',
    message: `'${path}' is not a path inside the project; use a relative one such as src/main.ts.`,
  }
}

function missing(draft: Draft, path: string, verb: 'delete' | 'update'): Failure {
  const isFolder = [...draft.files.keys()].some((other) => other.startsWith(`${path}/`))
  const cause = isFolder ? 'it is a folder' : 'no such file'
  const hint = isFolder ? '' : similarPath(draft, path)
  return { reason: 'missing-file', message: `Failed to ${verb} ${path}: ${cause}.${hint}` }
}

function similarPath(draft: Draft, path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const found = [...draft.files.keys()].filter((other) => other.endsWith(`/${name}`) || other === name)
  return found.length > 0 ? ` Did you mean ${found.slice(0, 3).join(' or ')}?` : ''
}

function netChanges(files: ReadonlyMap<string, string>, draft: Draft): PatchChange[] {
  const changes: PatchChange[] = []
  for (const [path, counts] of draft.counts) {
    const before = files.get(path) ?? null
    const after = draft.files.get(path) ?? null
    if (before === after) continue
    const kind = before === null ? 'add' : after === null ? 'delete' : 'update'
    const movedFrom = draft.movedFrom.get(path)
    changes.push({ path, kind, before, after, ...counts, ...(movedFrom === undefined ? {} : { movedFrom }) })
  }
  return changes.sort((a, b) => (a.path < b.path ? -1 : 1))
}

function countKind(chunks: readonly Chunk[], kind: 'add' | 'remove'): number {
  return chunks.flatMap((chunk) => chunk.lines).filter((line) => line.kind === kind).length
}

function lineCount(content: string): number {
  return splitSource(content).length
}
