// Patches in the `*** Begin Patch` format: parsing, applying to a map of files, the grammar, live progress.
// Runs everywhere, also alone in Node. Must never touch a file system, a workspace or the network.
export { applyPatch, type PatchChange } from './apply'
export { patchGrammar } from './grammar'
export { parsePatch } from './parse'
export { parseLenient } from './parse-lenient'
export { patchProgress } from './progress'
export type { PatchSection } from './section'
