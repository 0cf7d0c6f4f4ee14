import { type Change, compareFiles, detectRenames } from './changes'
import { type ConflictSides, type Index, readIndex } from './index-file'
import type { Repository } from './repository'
import { foldUntracked, indexFiles, listUntracked, readTracked, trackedPaths } from './working-tree'

export interface StatusFacts {
  head: string | null
  index: Index
  /** HEAD → index. */
  staged: Change[]
  /** Index → files. */
  unstaged: Change[]
  untracked: string[]
  /** Only looked for when asked. */
  ignored: string[]
  conflicts: [path: string, sides: ConflictSides][]
}

export interface StatusOptions {
  untracked: 'no' | 'normal' | 'all'
  withIgnored?: boolean
  /** One that is not written yet. */
  index?: Index
}

export async function readStatus(
  repository: Repository,
  { untracked, withIgnored = false, index = readIndex(repository) }: StatusOptions,
): Promise<StatusFacts> {
  const head = await repository.head()
  const [committed, tracked] = [await repository.files(head), await readTracked(repository, index)]
  const unknown = untracked === 'no' ? { visible: [], ignored: [] } : listUntracked(repository, index, { withIgnored })
  const known = trackedPaths(index)
  const isClean = ({ path }: Change) => !index.conflicts.has(path)
  const indexed = indexFiles(index)
  const staged = compareFiles(committed, indexed).filter(isClean)
  const present = new Map([...tracked].filter(([path]) => indexed.has(path)))
  return {
    head,
    index,
    staged: await detectRenames(repository, staged),
    unstaged: compareFiles(indexed, present),
    untracked: untracked === 'all' ? unknown.visible : foldUntracked(unknown.visible, known),
    ignored: untracked === 'all' ? unknown.ignored : foldUntracked(unknown.ignored, [...known, ...unknown.visible]),
    conflicts: [...index.conflicts],
  }
}

/** `UU`, `AA`, `DU` …, as in `git status --short`. */
export function conflictCode(sides: ConflictSides): string {
  const key = [sides[1], sides[2], sides[3]].map((side) => (side ? '1' : '0')).join('')
  const codes: Record<string, string> = {
    '100': 'DD',
    '010': 'AU',
    '101': 'UD',
    '001': 'UA',
    '110': 'UD',
    '011': 'AA',
    '111': 'UU',
  }
  return key === '101' ? 'DU' : (codes[key] ?? 'UU')
}
