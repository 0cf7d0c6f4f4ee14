import type { ConflictSides } from './index-file'
import { mergeText } from './merge-text'
import { comparePaths, type FileEntry, type Files, isBinary, isLink, type Repository } from './repository'

export interface FileMerge {
  /** The result; a conflicting file holds its marked content. */
  files: Map<string, FileEntry>
  conflicts: Map<string, ConflictSides>
  /** `Auto-merging a.txt`, `CONFLICT (content): …`, in the order of paths. */
  messages: string[]
}

export interface MergeSides {
  base: Files
  ours: Files
  theirs: Files
  /** What the conflict markers call both sides. */
  names: [ours: string, theirs: string]
}

/** Three-way merge of whole trees, file by file. */
export async function mergeFiles(
  repository: Repository,
  { base, ours, theirs, names }: MergeSides,
): Promise<FileMerge> {
  const merge: FileMerge = { files: new Map(), conflicts: new Map(), messages: [] }
  const paths = [...new Set([...base.keys(), ...ours.keys(), ...theirs.keys()])].sort(comparePaths)
  for (const path of paths) {
    const [o, a, b] = [base.get(path), ours.get(path), theirs.get(path)]
    if (isSame(a, b) || isSame(o, b)) keep(path, a)
    else if (isSame(o, a)) keep(path, b)
    else if (a && b) await mergeContents(path, o, { a, b })
    else {
      const [left, gone] = a ? [names[0], names[1]] : [names[1], names[0]]
      keep(path, a ?? b)
      merge.conflicts.set(path, sidesOf(o, a, b))
      merge.messages.push(
        `CONFLICT (modify/delete): ${path} deleted in ${gone} and modified in ${left}.  Version ${left} of ${path} left in tree.`,
      )
    }
  }
  return merge

  function keep(path: string, entry: FileEntry | undefined) {
    if (entry) merge.files.set(path, entry)
  }

  async function mergeContents(path: string, o: FileEntry | undefined, { a, b }: { a: FileEntry; b: FileEntry }) {
    const mode = o && a.mode === o.mode ? b.mode : a.mode
    if (a.oid === b.oid) return keep(path, { oid: a.oid, mode })
    if (isLink(a) || isLink(b)) {
      merge.messages.push(`CONFLICT (content): Merge conflict in ${path}`)
      merge.conflicts.set(path, sidesOf(o, a, b))
      return keep(path, a)
    }
    const [ourBytes, theirBytes] = [await repository.blob(a.oid), await repository.blob(b.oid)]
    if (isBinary(ourBytes) || isBinary(theirBytes)) {
      merge.messages.push(
        `warning: Cannot merge binary files: ${path} (${names[0]} vs. ${names[1]})`,
        `Auto-merging ${path}`,
        `CONFLICT (content): Merge conflict in ${path}`,
      )
      merge.conflicts.set(path, sidesOf(o, a, b))
      return keep(path, a)
    }
    const decoder = new TextDecoder()
    const sides = { ours: decoder.decode(ourBytes), theirs: decoder.decode(theirBytes) }
    const merged = mergeText(await repository.text(o?.oid ?? null), sides, names)
    merge.messages.push(`Auto-merging ${path}`)
    const content = new TextEncoder().encode(merged.text)
    if (merged.conflicts === 0) return keep(path, { oid: await repository.writeBlob(content), mode })
    merge.messages.push(`CONFLICT (${o ? 'content' : 'add/add'}): Merge conflict in ${path}`)
    merge.conflicts.set(path, sidesOf(o, a, b))
    keep(path, { oid: await repository.hash(content), mode })
  }
}

function sidesOf(o: FileEntry | undefined, a: FileEntry | undefined, b: FileEntry | undefined): ConflictSides {
  return { ...(o && { 1: o }), ...(a && { 2: a }), ...(b && { 3: b }) }
}

function isSame(a: FileEntry | undefined, b: FileEntry | undefined): boolean {
  return a?.oid === b?.oid && a?.mode === b?.mode
}
