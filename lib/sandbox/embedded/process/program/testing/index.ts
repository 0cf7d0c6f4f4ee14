// The test runners: vitest and Jest on one engine, each a function of its `ProcessHost`, and the structured report.
// A bundle of its own (`testing`), so that a plain `node` starts without it.
// Must never be imported by `node` itself.
import type { Program } from '../../host'
import { poolStartOf, runPoolWorker } from './pool-worker'
import { jest, vitest } from './programs'

export { prepareTests } from './prepare'
export { runTests } from './programs'

export const testPrograms: Record<string, Program> = {
  vitest: orPoolWorker(vitest),
  jest: orPoolWorker(jest),
}

/** A Worker that shares a run has the command line of the one that shares it out. */
function orPoolWorker(program: Program): Program {
  return (host) => {
    const shared = poolStartOf(host)
    return shared === null ? program(host) : runPoolWorker(host, shared)
  }
}
