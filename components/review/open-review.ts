import { createStore, type StoreApi } from '@/lib/base'

export type ReviewView = 'changes' | 'findings' | 'compare'

/** A change under review; `hunkId` is null for the first of a file, and in files without lines. */
export interface ReviewPlace {
  path: string
  hunkId: string | null
  /** Of the hunk, by which it is found again when its lines have changed. */
  key?: string
}

export interface OpenReview {
  /** What lies over the editor; null while it shows files. */
  view: ReviewView | null
  at: ReviewPlace | null
  /** Checkpoints, by id. */
  compare: { from: string | null; to: string }
}

const closed: OpenReview = { view: null, at: null, compare: { from: null, to: 'now' } }

/** What the review pane shows. One pane a page, like the editor that it lies over. */
export const openReview: StoreApi<OpenReview> = createStore<OpenReview>(() => closed)

export function showDiff(path: string, hunkId: string | null = null): void {
  openReview.setState({ view: 'changes', at: { path, hunkId } })
}

export function showReview(view: ReviewView): void {
  openReview.setState({ view })
}

/** Compares a checkpoint with another, or with the files as they are. */
export function showCompare(from: string | null, to: string = 'now'): void {
  openReview.setState({ view: 'compare', compare: { from, to } })
}

export function closeReview(): void {
  openReview.setState({ view: null })
}
