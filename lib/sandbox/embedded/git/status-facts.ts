import { type Change, compareFiles, detectRenames } from './changes'
import { type ConflictSides, type Index, readIndex } from './index-file'
import type { Repository } from './repository'
import { foldUntracked, indexFiles, readWorkingTree } from './working-tree'

export interface StatusFacts {
  head: string | null
  index: Index
  /** HEAD → index. */
  staged: Change[]
  /** Index → files. */
  unstaged: Change[]
  untracked: string[]
  conflicts: [path: string, sides: ConflictSides][]
}

export async function readStatus(repository: Repository, untracked: 'no' | 'normal' | 'all'): Promise<StatusFacts> {
  const index = readIndex(repository)
  const head = await repository.head()
  const [committed, tree] = [await repository.files(head), await readWorkingTree(repository, index)]
  const isClean = ({ path }: Change) => !index.conflicts.has(path)
  const indexed = indexFiles(index)
  const staged = compareFiles(committed, indexed).filter(isClean)
  const present = new Map([...tree.tracked].filter(([path]) => indexed.has(path)))
  return {
    head,
    index,
    staged: await detectRenames(repository, staged),
    unstaged: compareFiles(indexed, present),
    untracked: untracked === 'no' ? [] : untracked === 'all' ? tree.untracked : foldUntracked(tree.untracked, index),
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
