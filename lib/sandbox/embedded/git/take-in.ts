import { compareFiles } from './changes'
import { GitFailure } from './failure'
import { readIndex, writeIndex } from './index-file'
import type { FileMerge } from './merge-files'
import type { FileEntry, Files, Repository } from './repository'
import { switchFiles } from './switch-files'

export function assertStagedClean(committed: Files, indexed: Files, action: string): void {
  const staged = compareFiles(committed, indexed)
  if (staged.length === 0) return
  if (action === 'merge') {
    const paths = staged.map(({ path }) => `\t${path}\n`).join('')
    throw new GitFailure(
      `error: Your local changes to the following files would be overwritten by ${action}:\n${paths}Please commit your changes or stash them before you ${action}.\nAborting`,
      2,
    )
  }
  throw new GitFailure(
    `error: your local changes would be overwritten by ${action}.\nhint: commit your changes or stash them to proceed.\nfatal: ${action} failed`,
  )
}

/** Brings a merge's result into index and working tree, conflicts included. */
export async function takeIn(
  repository: Repository,
  ours: Files,
  merged: FileMerge,
  action: 'merge' | 'cherry-pick' | 'revert',
): Promise<void> {
  const index = readIndex(repository)
  await switchFiles(repository, index, { from: ours, to: merged.files, action })
  for (const [path, sides] of merged.conflicts) {
    index.entries.delete(path)
    index.conflicts.set(path, sides)
  }
  await writeIndex(repository, index)
}

export function sorted(files: Files): [string, FileEntry][] {
  return [...files].sort(([a], [b]) => (a < b ? -1 : 1))
}
