import { diffStat } from '@/lib/workspace/diff'
import { comparePaths, type FileEntry, type Files, isBinary, isLink, type Repository } from './repository'

export interface Change {
  /** `T`: a file became a symbolic link, or the other way round. */
  status: 'A' | 'M' | 'D' | 'R' | 'T'
  path: string
  before: FileEntry | null
  after: FileEntry | null
  /** Where a renamed file was, and how alike both are in percent. */
  from?: string
  similarity?: number
}

/** What turns one set of files into another, by path. */
export function compareFiles(before: Files, after: Files): Change[] {
  const changes: Change[] = []
  for (const [path, entry] of after) {
    const old = before.get(path) ?? null
    if (!old) changes.push({ status: 'A', path, before: null, after: entry })
    else if (old.oid !== entry.oid || old.mode !== entry.mode) {
      changes.push({ status: isLink(old) === isLink(entry) ? 'M' : 'T', path, before: old, after: entry })
    }
  }
  for (const [path, entry] of before) {
    if (!after.has(path)) changes.push({ status: 'D', path, before: entry, after: null })
  }
  return changes.sort((a, b) => comparePaths(a.path, b.path))
}

/** `--diff-filter`: the changes of some kinds, or all but those in small letters. */
export function filterKinds<Kind extends { status: Change['status'] | 'U' }>(
  changes: readonly Kind[],
  kinds: string | undefined,
): readonly Kind[] {
  if (kinds === undefined) return changes
  const [wanted, unwanted] = [kinds.replaceAll(/[^A-Z]/g, ''), kinds.replaceAll(/[^a-z]/g, '').toUpperCase()]
  return changes.filter(({ status }) => (wanted === '' || wanted.includes(status)) && !unwanted.includes(status))
}

const minSimilarity = 50
/** Comparing every removed file with every added one is only worth it while they are few. */
const maxPairs = 2500

/** Joins removals and additions of the same or similar content into renames. */
export async function detectRenames(repository: Repository, changes: Change[]): Promise<Change[]> {
  const added = changes.filter(({ status }) => status === 'A')
  const removed = changes.filter(({ status }) => status === 'D')
  if (added.length === 0 || removed.length === 0) return changes
  const pairs: { from: Change; to: Change; similarity: number }[] = []
  const compareContents = added.length * removed.length <= maxPairs
  for (const to of added) {
    for (const from of removed) {
      if (isLink(from.before) !== isLink(to.after)) continue
      const similarity =
        from.before?.oid === to.after?.oid ? 100 : compareContents ? await similarityOf(repository, from, to) : 0
      if (similarity >= minSimilarity) pairs.push({ from, to, similarity })
    }
  }
  const sameName = ({ from, to }: { from: Change; to: Change }) => (nameOf(from.path) === nameOf(to.path) ? 1 : 0)
  pairs.sort((a, b) => b.similarity - a.similarity || sameName(b) - sameName(a))
  const used = new Set<Change>()
  const renames: Change[] = []
  for (const { from, to, similarity } of pairs) {
    if (used.has(from) || used.has(to)) continue
    used.add(from).add(to)
    renames.push({ ...to, status: 'R', before: from.before, from: from.path, similarity })
  }
  return [...changes.filter((change) => !used.has(change)), ...renames].sort((a, b) => comparePaths(a.path, b.path))
}

async function similarityOf(repository: Repository, from: Change, to: Change): Promise<number> {
  if (isLink(from.before)) return 0
  const before = await repository.blob(from.before?.oid ?? '')
  const after = await repository.blob(to.after?.oid ?? '')
  const [small, large] = [before.byteLength, after.byteLength].sort((a, b) => a - b) as [number, number]
  if (small === 0 || small * 2 < large || isBinary(before) || isBinary(after)) return 0
  // As git does: how many bytes of the larger side come from the other.
  const counts = new Map<string, number>()
  for (const line of linesOf(before)) counts.set(line, (counts.get(line) ?? 0) + 1)
  let copied = 0
  for (const line of linesOf(after)) {
    const left = counts.get(line) ?? 0
    if (left === 0) continue
    counts.set(line, left - 1)
    copied += new TextEncoder().encode(line).byteLength
  }
  return Math.floor((copied * 100) / large)
}

function linesOf(bytes: Uint8Array): string[] {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes).split(/(?<=\n)/)
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

export interface LineCount {
  change: Change
  additions: number
  deletions: number
  /** Bytes before and after, of a binary file. */
  binary: [before: number, after: number] | null
}

export async function countLines(repository: Repository, changes: readonly Change[]): Promise<LineCount[]> {
  return Promise.all(
    changes.map(async (change): Promise<LineCount> => {
      const before = change.before ? await repository.blob(change.before.oid) : new Uint8Array()
      const after = change.after ? await repository.blob(change.after.oid) : new Uint8Array()
      if (isBinary(before) || isBinary(after)) {
        return { change, additions: 0, deletions: 0, binary: [before.byteLength, after.byteLength] }
      }
      const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
      return { change, ...diffStat(decoder.decode(before), decoder.decode(after)), binary: null }
    }),
  )
}
