// The project's files: immutable snapshots, edits, diffs, history, review, checkpoints; `browser-store/` keeps them durable.
// Runs everywhere but `browser-store/`, which needs IndexedDB. Must never run project code or talk to a server.
export * from './checkpoint'
export { contentKey } from './content-key'
export * from './diff'
export * from './files'
export * from './history'
export * from './merge'
export * from './revert'
export * from './review'
export type { ReviewFile } from './review-entries'
export { type ReviewHunk, reviewHunks } from './review-hunks'
export type { ReviewOutcome } from './review-outcomes'
export * from './workspace'
