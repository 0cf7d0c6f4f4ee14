import { joinPath } from '@/lib/base'
import { diffRegions, type FileMap, splitLines, unifiedDiff } from '@/lib/workspace'
import type { SeenFiles } from '../files/seen-files'
import { applyPatch, type PatchChange, type PatchSection } from '../patch'

/** What the card of such a patch says. */
export const outOfDate = 'out of date'

/** A change this near to what the patch touches is one that it should have known of. */
const nearLines = 3
/** What is longer has to be read. */
const maxShownLines = 40
const maxShownCharacters = 4_000

interface PatchOnFiles {
  patch: string
  sections: readonly PatchSection[]
  changes: readonly PatchChange[]
  files: FileMap
  seen: SeenFiles
}

/**
 * Why a patch must not be applied: a file that it replaces or deletes, or lines that it touches, are not as the model
 * saw them last. Null when it may. `note` is told instead when what changed lies elsewhere in the file.
 */
export function findOutOfDate(on: PatchOnFiles): { refusal: string | null; note: string } {
  const stale = on.changes.filter(({ path }) => isStale(path, on))
  const touched = stale.filter((change) => touchesUnseen(change, on))
  const told = (touched.length > 0 ? touched : stale).map(({ path }) => describe(path, on))
  if (touched.length > 0) {
    const which = touched.map(({ path }) => path).join(', ')
    return {
      refusal: `${which} changed since you last saw it: the user or a program changed it, and your patch touches that. ${told.join('\n')}`,
      note: '',
    }
  }
  return { refusal: null, note: told.join('\n') }
}

/** For a patch that found no place: what changed in its files since the model saw them. */
export function describeOutOfDate(on: Pick<PatchOnFiles, 'sections' | 'files' | 'seen'>): string {
  const paths = [...new Set(on.sections.map(({ path }) => joinPath(path) ?? path))]
  return paths
    .filter((path) => isStale(path, on))
    .map((path) => `${path} changed since you last saw it. ${describe(path, on)}`)
    .join('\n')
}

function isStale(path: string, { files, seen }: Pick<PatchOnFiles, 'files' | 'seen'>): boolean {
  const now = files.get(path)
  const sighting = seen.of(path)
  return typeof now === 'string' && sighting !== null && !sighting.isAsItIs(now)
}

function touchesUnseen({ path, before, after }: PatchChange, { patch, sections, files, seen }: PatchOnFiles): boolean {
  const isUpdate = sections.filter((section) => joinPath(section.path) === path).every(({ kind }) => kind === 'update')
  if (before === null || after === null || !isUpdate) return true
  const was = seen.of(path)?.text
  // Nobody knows any more what changed; a patch that fits to the letter was written for these lines.
  if (was === null || was === undefined) return !fitsExactly(patch, files)
  const unseen = diffRegions(splitLines(was), splitLines(before))
  const patched = diffRegions(splitLines(before), splitLines(after))
  return patched.some((own) =>
    unseen.some(
      (other) => own.beforeStart <= other.afterEnd + nearLines - 1 && other.afterStart <= own.beforeEnd + nearLines - 1,
    ),
  )
}

function fitsExactly(patch: string, files: FileMap): boolean {
  const texts = new Map([...files].filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
  return applyPatch(texts, patch, { mode: 'strict' }).ok
}

/** The difference when it is short; the model has seen it then. */
function describe(path: string, { files, seen }: Pick<PatchOnFiles, 'files' | 'seen'>): string {
  const now = files.get(path)
  const was = seen.of(path)?.text ?? null
  const diff = typeof now === 'string' && was !== null ? unifiedDiff(path, was, now) : ''
  const isShort = diff !== '' && diff.length <= maxShownCharacters && diff.split('\n').length <= maxShownLines
  if (!isShort || typeof now !== 'string') return 'Read it again with read_file before you patch it.'
  seen.note(path, now)
  return `What changed:\n${diff.trimEnd()}\nNow you know the file as it is; read it again if that is not enough.`
}
