// Type checking in a Worker of its own: TypeScript's language service over the project's files.
// Runs in the sandbox (worker.ts) and beside it (client.ts). Must never run project code; it only reads it.
export { type Checker, createChecker } from './client'
export { formatTscOutput } from './format'
