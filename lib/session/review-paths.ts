import { createStore, type StoreApi } from '@/lib/base'
import { createReviewGuard, defaultReviewPaths } from '@/lib/safety'

/**
 * Which files the user has to keep by themselves. It is stored in the tab, beside the project's files and not among
 * them: nothing that the agent, a program or a link writes can loosen it.
 */
export interface ReviewPaths {
  state: StoreApi<{ patterns: readonly string[] }>
  /** Null brings the defaults back. */
  set(patterns: readonly string[] | null): void
}

export interface ReviewPathsOptions {
  remembered: unknown
  remember: (patterns: readonly string[] | undefined) => void
}

export function createReviewPaths({
  remembered,
  remember,
}: ReviewPathsOptions): ReviewPaths & { needsYou: (path: string) => boolean } {
  const initial = isPatterns(remembered) ? remembered : defaultReviewPaths
  const state = createStore<{ patterns: readonly string[] }>(() => ({ patterns: initial }))
  let guard = createReviewGuard(initial)
  return {
    state,
    needsYou: (path) => guard(path),
    set(patterns) {
      const next = patterns ?? defaultReviewPaths
      guard = createReviewGuard(next)
      state.setState({ patterns: next })
      remember(patterns ?? undefined)
    },
  }
}

function isPatterns(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string')
}
