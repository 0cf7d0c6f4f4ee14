// What items weigh in tokens: a ledger that never makes anybody wait, and the real tokenizer behind it.
// Runs everywhere; `worker.ts` in a Worker. Must never bring the vocabulary (`count-tokens.ts`) into a page.
export type { Countable } from './countable'
export { type CountTexts, createTokenLedger, type TokenCount, type TokenLedger } from './token-ledger'
