import { createStore, type StoreApi } from '@/lib/base'
import { createReviewGuard, defaultReviewPaths } from '@/lib/safety/review-paths'

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
}: ReviewPathsOptions): ReviewPaths & { needsYou: (path: string) => boolean; recall: (remembered: unknown) => void } {
  const initial = readPatterns(remembered)
  const state = createStore<{ patterns: readonly string[] }>(() => ({ patterns: initial }))
  let guard = createReviewGuard(initial)
  const use = (patterns: readonly string[]) => {
    guard = createReviewGuard(patterns)
    state.setState({ patterns })
  }
  return {
    state,
    needsYou: (path) => guard(path),
    recall: (stored) => use(readPatterns(stored)),
    set(patterns) {
      use(patterns ?? defaultReviewPaths)
      remember(patterns ?? undefined)
    },
  }
}

function readPatterns(value: unknown): readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string') ? value : defaultReviewPaths
}
