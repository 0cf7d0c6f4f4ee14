// The agent: one turn as an async generator of events, its tools, patches and verification.
// Runs everywhere. Must never import React, a store or a browser API; reaches the world through its arguments.

export type { Attachment } from './attachments'
export type { CandidateEventBody, CandidatePick, CandidateResult, RecordedChange } from './candidates/events'
export type { CandidatesPart, CandidateView } from './candidates/view'
export * from './events'
export { findInterrupted, foldHistory, type InterruptedTurn } from './history'
export { runTurn } from './loop'
export { parseEvents } from './stored/parse-events'
export type { QueuedMessage } from './thread/outbox'
export { createThread } from './thread/thread'
export type * from './thread/types'
export { type CommandSessions, createCommandSessions } from './tools'
export * from './types'
export { verifyChanges } from './verify/verify'
export { describeVerification } from './verify/verify-text'
export * from './view/thread-view'
