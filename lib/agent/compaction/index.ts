// Shortens a thread before it fills the model's window: a summary in the place of older steps, undoable.
// Runs everywhere. Must never change or drop an event: what a compaction replaced stays in the journal.
export { type Compactor, createCompactor } from './compactor'
export { assumedWindow } from './window'
