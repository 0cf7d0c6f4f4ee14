// The programs a process Worker can run: `node` and the test runners, each a function of its `ProcessHost`.
// Runs in a classic blob Worker inside the sandbox frame; one program a Worker.
// Must never reach for anything but that host.
import type { Program } from '../host'
import { node } from './node'
import { jest, vitest } from './testing/programs'

export const programs: Record<string, Program> = { node, tsx: node, vitest, jest }
export { prepareLibrary as prepare } from './node/library/booted'
export { type RunTestsOptions, runTests } from './testing/programs'
