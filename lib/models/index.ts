// The `Model` type and its implementations: Responses client, scripted model.
// Runs everywhere. Must never hold a provider key in the browser or know about files, tools or React.
export { compactionTrigger, endsInTrigger, isSealedCompaction } from './compaction-trigger'
export * from './content'
export * from './types'

/** Carries a key of the user's own from the tab to our route, and no further. */
export const ownKeyHeader = 'x-vitrine-model-key'
