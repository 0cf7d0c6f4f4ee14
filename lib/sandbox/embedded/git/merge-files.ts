import { fatal } from './failure'
import type { ConflictSides } from './index-file'
import { alignRenames, type Origin } from './merge-renames'
import { type MergeStyle, mergeText } from './merge-text'
import { comparePaths, type FileEntry, type Files, isBinary, isLink, type Repository } from './repository'

export interface FileMerge {
  /** The result; a conflicting file holds its marked content. */
  files: Map<string, FileEntry>
  conflicts: Map<string, ConflictSides>
  /** `Auto-merging a.txt`, `CONFLICT (content): …`, in the order of paths. */
  messages: string[]
}

export interface MergeSides extends MergeStyle {
  base: Files
  ours: Files
  theirs: Files
}

interface Sides {
  base?: FileEntry | undefined
  ours?: FileEntry | undefined
  theirs?: FileEntry | undefined
}

/** Three-way merge of whole trees, file by file; a file that one side renamed is merged under its new name. */
export async function mergeFiles(repository: Repository, sides: MergeSides): Promise<FileMerge> {
  const { names, favor } = sides
  const merge: FileMerge = { files: new Map(), conflicts: new Map(), messages: [] }
  const { base, ours, theirs, origins, splits } = await alignRenames(repository, sides)
  const placed = new Set([...splits.values()].flat())
  const paths = new Set([...base.keys(), ...ours.keys(), ...theirs.keys()])
  for (const path of [...paths].filter((name) => !placed.has(name)).sort(comparePaths)) {
    const split = splits.get(path)
    if (split) await mergeSplit(path, split)
    else await mergePath(path, { base: base.get(path), ours: ours.get(path), theirs: theirs.get(path) })
  }
  assertNotBoth(merge.files)
  return merge

  async function mergePath(path: string, entries: Sides) {
    const { base: o, ours: a, theirs: b } = entries
    const origin = origins.get(path)
    if (origin?.deletedBy) return keepRenamed(path, entries, origin)
    if (isSame(a, b) || isSame(o, b)) keep(path, a)
    else if (isSame(o, a)) keep(path, b)
    else if (a && b) {
      const { content, isClean } = await mergeContents(path, entries)
      keep(path, content)
      if (isClean) return
      merge.messages.push(`CONFLICT (${o ? 'content' : 'add/add'}): Merge conflict in ${path}`)
      merge.conflicts.set(path, sidesOf(entries))
    } else {
      const [left, gone] = a ? [names[0], names[1]] : [names[1], names[0]]
      keep(path, a ?? b)
      merge.conflicts.set(path, sidesOf(entries))
      merge.messages.push(
        `CONFLICT (modify/delete): ${path} deleted in ${gone} and modified in ${left}.  Version ${left} of ${path} left in tree.`,
      )
    }
  }

  function keep(path: string, entry: FileEntry | undefined) {
    if (entry) merge.files.set(path, entry)
  }

  /** One side renamed the file, the other deleted it. */
  function keepRenamed(path: string, entries: Sides, { from, deletedBy }: Origin) {
    const { base: o, ours: a, theirs: b } = entries
    const [gone, left] = deletedBy === 'ours' ? names : ([names[1], names[0]] as const)
    keep(path, a ?? b)
    merge.conflicts.set(path, sidesOf(entries))
    merge.messages.push(`CONFLICT (rename/delete): ${from} renamed to ${path} in ${left}, but deleted in ${gone}.`)
    if (!isSame(o, a ?? b))
      merge.messages.push(
        `CONFLICT (modify/delete): ${path} deleted in ${gone} and modified in ${left}.  Version ${left} of ${path} left in tree.`,
      )
  }

  /** Both sides renamed the file, each in its own way: both names hold what the contents make together. */
  async function mergeSplit(from: string, [first, second]: readonly [string, string]) {
    const entries = { base: base.get(from), ours: ours.get(first), theirs: theirs.get(second) }
    const { content } = await mergeContents(from, entries, [first, second])
    merge.messages.push(
      `CONFLICT (rename/rename): ${from} renamed to ${first} in ${names[0]} and to ${second} in ${names[1]}.`,
    )
    merge.conflicts.set(from, sidesOf({ base: entries.base }))
    merge.conflicts.set(first, sidesOf({ ours: content }))
    merge.conflicts.set(second, sidesOf({ theirs: content }))
    keep(first, content)
    keep(second, content)
  }

  /** What both sides make of a content; with marks where they do not agree. */
  async function mergeContents(
    path: string,
    { base: o, ours: a, theirs: b }: Sides,
    places?: readonly [string, string],
  ): Promise<{ content: FileEntry; isClean: boolean }> {
    if (!a || !b) throw new Error(`${path}: one side has no content to merge`)
    const mode = o && a.mode === o.mode ? b.mode : a.mode
    if (a.oid === b.oid || b.oid === o?.oid) return { content: { oid: a.oid, mode }, isClean: true }
    if (a.oid === o?.oid) return { content: { oid: b.oid, mode }, isClean: true }
    if (isLink(a) || isLink(b)) return { content: a, isClean: false }
    const [ourBytes, theirBytes] = [await repository.blob(a.oid), await repository.blob(b.oid)]
    if (isBinary(ourBytes) || isBinary(theirBytes)) {
      if (favor) return { content: favor === 'ours' ? a : b, isClean: true }
      merge.messages.push(
        `warning: Cannot merge binary files: ${path} (${names[0]} vs. ${names[1]})`,
        `Auto-merging ${path}`,
      )
      return { content: a, isClean: false }
    }
    const { oursAt, theirsAt } = origins.get(path) ?? {}
    const [left, right] = places ?? [oursAt ?? path, theirsAt ?? path]
    const isMoved = left !== path || right !== path
    const labels: MergeStyle['names'] = isMoved ? [`${names[0]}:${left}`, `${names[1]}:${right}`] : names
    const baseBytes = o ? await repository.blob(o.oid) : new Uint8Array()
    const { content, conflicts } = mergeText(
      baseBytes,
      { ours: ourBytes, theirs: theirBytes },
      { names: labels, favor },
    )
    merge.messages.push(`Auto-merging ${path}`)
    const isClean = conflicts === 0
    const oid = isClean && !places ? await repository.writeBlob(content) : await repository.hash(content)
    return { content: { oid, mode }, isClean }
  }
}

/** What one side has as a file and the other as a folder would make a tree that no git can read. */
function assertNotBoth(files: Files): void {
  for (const path of files.keys()) {
    for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) {
      const folder = path.slice(0, at)
      if (files.has(folder))
        fatal(`${folder} is a file on one side and a folder on the other, which is not merged here: rename it first.`)
    }
  }
}

function sidesOf({ base, ours, theirs }: Sides): ConflictSides {
  return { ...(base && { 1: base }), ...(ours && { 2: ours }), ...(theirs && { 3: theirs }) }
}

function isSame(a: FileEntry | undefined, b: FileEntry | undefined): boolean {
  return a?.oid === b?.oid && a?.mode === b?.mode
}
