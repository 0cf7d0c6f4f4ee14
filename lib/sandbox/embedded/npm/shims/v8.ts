/** A size for npm's cache of metadata, which the sandbox's installer does not use. */
export const getHeapStatistics = (): { heap_size_limit: number } => ({ heap_size_limit: 1e9 })
