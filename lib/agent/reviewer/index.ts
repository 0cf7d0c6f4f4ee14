// The reviewer of `/review`: looks at changes with its own request and its own context, and reports findings at lines.
// Runs everywhere. Must never write, run, or see the conversation.
export type { Finding } from './finding'
export { type ReviewerUse, type ReviewProgress, type ReviewReport, runReview } from './run-review'
