import { compareFiles } from './changes'
import { GitFailure } from './failure'
import { type Index, writeIndex } from './index-file'
import type { Files, Repository } from './repository'
import { readFileEntry, removeFile, writeFile } from './working-tree'

export interface FileSwitch {
  from: Files
  to: Files
  /** For the message when something stands in the way; `force` overwrites it instead. */
  action: 'checkout' | 'merge' | 'cherry-pick' | 'revert' | 'force'
}

/** Brings index and working tree from one tree to another, keeping local changes; refuses when it would lose any. */
export async function switchFiles(
  repository: Repository,
  index: Index,
  { from, to, action }: FileSwitch,
): Promise<void> {
  const changes = compareFiles(from, to)
  if (action !== 'force') await assertNothingLost(repository, index, { from, to, action })
  for (const { path, after } of changes) {
    index.conflicts.delete(path)
    if (after) continue
    index.entries.delete(path)
    removeFile(repository, path)
  }
  for (const { path, after } of changes) {
    if (after) index.entries.set(path, await writeFile(repository, path, after))
  }
  await writeIndex(repository, index)
}

async function assertNothingLost(
  repository: Repository,
  index: Index,
  { from, to, action }: FileSwitch,
): Promise<void> {
  const changed: string[] = []
  const untracked: string[] = []
  for (const { path, before, after } of compareFiles(from, to)) {
    const staged = index.entries.get(path)
    const present = await readFileEntry(repository, path, index)
    if (!staged && !before) {
      if (present && present.oid !== after?.oid) untracked.push(path)
      continue
    }
    const isStagedSame = staged?.oid === before?.oid || staged?.oid === after?.oid
    const isPresentSame = !present || present.oid === before?.oid || present.oid === after?.oid
    if (!isStagedSame || !isPresentSame) changed.push(path)
  }
  const verb = action === 'checkout' ? 'switch branches' : action
  const messages = []
  if (changed.length > 0) {
    messages.push(
      `error: Your local changes to the following files would be overwritten by ${action}:\n${listed(changed)}Please commit your changes or stash them before you ${verb}.`,
    )
  }
  if (untracked.length > 0) {
    messages.push(
      `error: The following untracked working tree files would be overwritten by ${action}:\n${listed(untracked)}Please move or remove them before you ${verb}.`,
    )
  }
  if (messages.length > 0) throw new GitFailure(`${messages.join('\n')}\nAborting`, 1)
}

function listed(paths: readonly string[]): string {
  return paths.map((path) => `\t${path}\n`).join('')
}

/** Makes index and working tree what `to` says, whatever they were; untracked files stay. */
export async function resetFiles(repository: Repository, index: Index, to: Files): Promise<void> {
  for (const path of [...index.entries.keys(), ...index.conflicts.keys()]) {
    if (!to.has(path)) removeFile(repository, path)
  }
  for (const path of index.entries.keys()) if (!to.has(path)) index.entries.delete(path)
  index.conflicts.clear()
  for (const [path, entry] of to) {
    const present = await readFileEntry(repository, path, index)
    const isSame = present?.oid === entry.oid && present.mode === entry.mode
    const known = index.entries.get(path)
    if (!isSame || known?.oid !== entry.oid) index.entries.set(path, await writeFile(repository, path, entry))
  }
  await writeIndex(repository, index)
}
