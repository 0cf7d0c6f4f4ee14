// The programs a process Worker can run, each a function of its `ProcessHost`; test runners are a bundle of their own.
// Runs in a classic blob Worker inside the sandbox frame; one program a Worker.
// Must never reach for anything but that host.
import type { Program } from '../host'
import { node } from './node'

export const programs: Record<string, Program> = { node, tsx: node }
export { prepareLibrary as prepare } from './node/library/booted'
export { takeLibrary as takeAssets } from './node/library/text'
