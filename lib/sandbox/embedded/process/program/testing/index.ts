// The test runners: vitest, Jest and node:test on one engine, each a function of its `ProcessHost`.
// A bundle of its own (`testing`), so that a plain `node` starts without it.
// Must never be imported by `node` itself.
import type { Program } from '../../host'
import { node } from '../node'
import { runNodeTests } from './node-test-program'
import { jest, vitest } from './programs'

export { runTests } from './programs'

/** `node` here knows `node:test`; the kernel sends it when a command line says `--test`, or a file asks for it. */
export const testPrograms: Record<string, Program> = {
  node: (host) => node(host, runNodeTests),
  tsx: (host) => node(host, runNodeTests),
  vitest,
  jest,
}
