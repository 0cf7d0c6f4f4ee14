import type { GitContext } from './context'
import { appendReflog } from './reflog'

/** Moves the current branch (or a detached HEAD) to a commit and notes it in the logs. */
export async function moveHead(context: GitContext, oid: string, message: string): Promise<void> {
  const repository = context.repository()
  const ref = repository.headRef()
  const before = await repository.head()
  if (ref) await repository.writeRef(ref, oid)
  else repository.setHead(oid)
  const move = { before, after: oid, message, identity: context.identity('committer') }
  appendReflog(repository, ref ? ['HEAD', ref] : ['HEAD'], move)
}

/** Points HEAD at a branch or a commit. */
export async function switchHead(context: GitContext, target: string, after: string): Promise<void> {
  const repository = context.repository()
  const from = repository.branch() ?? (await repository.head()) ?? ''
  const before = await repository.head()
  repository.setHead(target)
  const to = target.replace(/^refs\/heads\//, '')
  const message = `checkout: moving from ${from} to ${to}`
  appendReflog(repository, ['HEAD'], { before, after, message, identity: context.identity('committer') })
}

export function subjectOf(message: string): string {
  return (message.trimStart().split(/\n\s*\n/)[0] ?? '').trim().replaceAll('\n', ' ')
}
