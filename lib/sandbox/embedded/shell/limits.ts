/**
 * just-bash is made for scripts of unknown origin on a server and stops them early. Here the Worker is the boundary and
 * can be ended at any time, so that only what would exhaust the tab's memory is limited.
 */
const unlimited = Number.MAX_SAFE_INTEGER

export const shellLimits = {
  maxCommandCount: unlimited,
  maxLoopIterations: unlimited,
  maxAwkIterations: unlimited,
  maxSedIterations: unlimited,
  maxJqIterations: unlimited,
  maxWorkUnits: unlimited,
  maxTraversalEntries: 5_000_000,
  maxTraversalWork: unlimited,
  maxGlobOperations: unlimited,
  maxExecutionTimeMs: 2_000_000_000,
  maxSourceBytes: 16 * 1024 * 1024,
  maxStringLength: 256 * 1024 * 1024,
  maxOutputSize: 256 * 1024 * 1024,
  maxInputBytes: 256 * 1024 * 1024,
}
