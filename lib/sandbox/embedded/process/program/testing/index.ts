// The test runners: vitest, Jest and node:test on one engine, each a function of its `ProcessHost`.
// A bundle of its own (`testing`), so that a plain `node` starts without it.
// Must never be imported by `node` itself.
import type { Program } from '../../host'
import { node } from '../node'
import { runNodeTests } from './node-test-program'
import { poolStartOf, runPoolWorker } from './pool-worker'
import { jest, vitest } from './programs'

export { runTests } from './programs'

/** The kernel sends `node` here when its command line says `--test`. */
export const testPrograms: Record<string, Program> = {
  node: orPoolWorker((host) => node(host, runNodeTests)),
  tsx: orPoolWorker((host) => node(host, runNodeTests)),
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
