import { compareFiles } from './changes'
import { GitFailure } from './failure'
import { type Index, writeIndex } from './index-file'
import type { Files, Repository } from './repository'
import { obstacleAbove, readFileEntry, removeFile, standing, writeFile } from './working-tree'

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
  const folders: string[] = []
  for (const { path, before, after } of compareFiles(from, to)) {
    const staged = index.entries.get(path)
    const { file, folder } = after ? inTheWay(repository, path, (each) => from.has(each) && !to.has(each)) : {}
    if (file !== undefined) (index.entries.has(file) ? changed : untracked).push(file)
    if (isFolder(repository, path) && staged) changed.push(path)
    else if (folder !== undefined) folders.push(folder)
    if (isFolder(repository, path)) continue
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
  if (folders.length > 0) messages.push(lostFolders(folders))
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
  return [...new Set(paths)].map((path) => `\t${path}\n`).join('')
}

const lostFolders = (folders: readonly string[]) =>
  `error: Updating the following directories would lose untracked files in them:\n${listed(folders)}`

/** Refuses to bring tracked files back over what is not tracked; `isGoing` says what goes by itself, or is safe. */
export async function assertNothingInTheWay(
  repository: Repository,
  index: Index,
  { files, isGoing, exitCode = 1 }: { files: Files; isGoing: (path: string) => boolean; exitCode?: number },
): Promise<void> {
  const untracked: string[] = []
  const folders: string[] = []
  for (const [path, { oid }] of files) {
    const { file, folder } = inTheWay(repository, path, isGoing)
    if (file !== undefined) untracked.push(file)
    if (folder !== undefined) folders.push(folder)
    const present = index.entries.has(path) || isGoing(path) ? null : await readFileEntry(repository, path, index)
    if (present && present.oid !== oid) untracked.push(path)
  }
  const messages = []
  if (untracked.length > 0)
    messages.push(
      `error: The following untracked working tree files would be overwritten by reset:\n${listed(untracked)}Please move or remove them before you reset.`,
    )
  if (folders.length > 0) messages.push(lostFolders(folders))
  if (messages.length > 0) throw new GitFailure(`${messages.join('\n')}\nAborting`, exitCode)
}

interface InTheWay {
  /** A file, or a link, that stands where the path needs a folder. */
  file?: string
  /** A folder that stands where the path's file belongs. */
  folder?: string
}

/** What else than files that go by themselves stands in the way of a file. */
function inTheWay(repository: Repository, path: string, isGoing: (path: string) => boolean): InTheWay {
  const file = obstacleAbove(repository, path)
  if (file !== null) return isGoing(file) ? {} : { file }
  return isFolder(repository, path) && filesBelow(repository, path).some((each) => !isGoing(each))
    ? { folder: path }
    : {}
}

function isFolder(repository: Repository, path: string): boolean {
  return (
    obstacleAbove(repository, path) === null &&
    standing(repository.fs, `${repository.root}/${path}`)?.kind === 'directory'
  )
}

/** Every file in a folder, whoever knows it. */
function filesBelow(repository: Repository, folder: string): string[] {
  const { fs, root } = repository
  return fs.readdir(`${root}/${folder}`).flatMap((name) => {
    const path = `${folder}/${name}`
    return fs.lstat(`${root}/${path}`).kind === 'directory' ? filesBelow(repository, path) : [path]
  })
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
