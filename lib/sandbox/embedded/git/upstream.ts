import type { GitContext } from './context'

/** The remote branch that a branch follows. */
export interface Tracked {
  remote: string
  /** The branch there. */
  branch: string
  /** What is known of it here: `origin/main`. */
  name: string
}

export function trackedBy({ config }: GitContext, branch: string | null): Tracked | null {
  const remote = branch === null ? undefined : config(`branch.${branch}.remote`)
  const merge = branch === null ? undefined : config(`branch.${branch}.merge`)
  if (remote === undefined || merge === undefined) return null
  const there = merge.replace(/^refs\/heads\//, '')
  return { remote, branch: there, name: remote === '.' ? there : `${remote}/${there}` }
}

/** `origin/main` where the current branch follows it. */
export function upstreamOf(context: GitContext): string | null {
  return trackedBy(context, context.repository().branch())?.name ?? null
}
