import type { GitContext } from '../context'
import { readIndex } from '../index-file'
import type { Repository } from '../repository'
import { readStatus } from '../status-facts'
import { assertNothingInTheWay, resetFiles } from '../switch-files'
import { stash } from './stash'
import { createStash, noteStash } from './stash-push'

/** The stash that waits. */
const autostash = 'MERGE_AUTOSTASH'

/** `--autostash`: what is not committed waits until the rebase has ended. */
export async function stashAway(context: GitContext, repository: Repository): Promise<void> {
  const { staged, unstaged, conflicts } = await readStatus(repository, { untracked: 'no' })
  if (staged.length + unstaged.length === 0 || conflicts.length > 0) return
  const committed = await repository.files(await repository.head())
  const index = readIndex(repository)
  await assertNothingInTheWay(repository, index, { files: committed, isGoing: (path) => index.entries.has(path) })
  const made: string[] = []
  await createStash({ ...context, args: [], out: (text) => void made.push(text) }, repository)
  const oid = made.join('').trim()
  repository.writeText(autostash, `${oid}\n`)
  context.out(`Created autostash: ${oid.slice(0, 7)}\n`)
  await resetFiles(repository, index, committed)
}

export async function bringBack(context: GitContext, repository: Repository): Promise<void> {
  const oid = repository.readText(autostash)?.trim()
  if (oid === undefined) return
  repository.remove(autostash)
  const message = 'autostash'
  await noteStash(context, { oid, message })
  const silent: GitContext = { ...context, args: ['pop', '-q'], out: () => undefined, err: () => undefined }
  const isBack = (await stash(silent).catch(() => 1)) === 0
  context.err(
    isBack
      ? 'Applied autostash.\n'
      : 'Applying autostash resulted in conflicts.\nYour changes are safe in the stash.\nYou can run "git stash pop" or "git stash drop" at any time.\n',
  )
}
