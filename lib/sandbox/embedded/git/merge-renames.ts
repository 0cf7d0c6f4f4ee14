import { compareFiles, detectRenames } from './changes'
import type { FileEntry, Files, Repository } from './repository'

/** Where a file that was renamed stood on each side. */
export interface Origin {
  from: string
  oursAt?: string
  theirsAt?: string
  /** The side that deleted the file instead of renaming it. */
  deletedBy?: 'ours' | 'theirs'
}

export interface Aligned {
  base: Files
  ours: Files
  theirs: Files
  /** By the new path. */
  origins: ReadonlyMap<string, Origin>
  /** Files that both sides renamed, to different paths, by the old one. */
  splits: ReadonlyMap<string, readonly [ours: string, theirs: string]>
}

type Trees = Pick<Aligned, 'base' | 'ours' | 'theirs'>

/** The three trees with each file that a side renamed under its new path in all of them. */
export async function alignRenames(repository: Repository, trees: Trees): Promise<Aligned> {
  const [oursMoved, theirsMoved] = [
    await renamesOf(repository, trees.base, trees.ours),
    await renamesOf(repository, trees.base, trees.theirs),
  ]
  const base = new Map(trees.base)
  const files = { ours: new Map(trees.ours), theirs: new Map(trees.theirs) }
  const origins = new Map<string, Origin>()
  const splits = new Map<string, readonly [string, string]>()
  for (const from of new Set([...oursMoved.keys(), ...theirsMoved.keys()])) {
    const [first, second] = [oursMoved.get(from), theirsMoved.get(from)]
    const to = first ?? second ?? from
    if (first !== undefined && second !== undefined) {
      if (first === second) move(base, from, to)
      else if (!trees.theirs.has(first) && !trees.ours.has(second)) splits.set(from, [first, second])
      continue
    }
    const other = first === undefined ? 'ours' : 'theirs'
    // What the other side has put there is another file.
    if (trees[other].has(to)) continue
    const isDeleted = !trees[other].has(from)
    move(base, from, to)
    move(files[other], from, to)
    origins.set(to, { from, [`${other}At`]: from, ...(isDeleted && { deletedBy: other }) })
  }
  return { base, ...files, origins, splits }
}

function move(files: Map<string, FileEntry>, from: string, to: string): void {
  const entry = files.get(from)
  files.delete(from)
  if (entry) files.set(to, entry)
}

async function renamesOf(repository: Repository, base: Files, side: Files): Promise<Map<string, string>> {
  const changes = await detectRenames(repository, compareFiles(base, side))
  return new Map(changes.flatMap(({ from, path }) => (from === undefined ? [] : [[from, path] as const])))
}
