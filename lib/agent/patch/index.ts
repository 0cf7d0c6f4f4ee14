// Patches in the `*** Begin Patch` format: parsing, applying to a map of files, the grammar, live progress.
// Runs everywhere, also alone in Node. Must never touch a file system, a workspace or the network.
export { applyPatch, type PatchChange, type PatchMode, type PatchResult } from './apply'
export { patchGrammar } from './grammar'
export { type ParseResult, parsePatch } from './parse'
export { type FileProgress, patchProgress } from './progress'
export type { Chunk, ChunkLine, PatchSection } from './section'
