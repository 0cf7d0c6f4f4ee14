// Released prompt packs (`v1`, …; never edited once released) and the choice among them.
// Runs everywhere. Must never contain secrets or read project files.
import { v1 } from './v1'
import { v2 } from './v2'
import { v3 } from './v3'

export { attemptHint, attemptHints, testsWanted } from './attempts'
export { compactionPrompt } from './compaction'
export * from './pack'
export { reviewPrompt } from './review'
export { v1, v2, v3 }

/** What new turns use. A thread that began on another pack keeps the base prompt in its history. */
export const currentPack = v3
