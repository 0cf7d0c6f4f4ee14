// Filters and the policy gate: secrets, code scan, prompt check, commands, terminal escapes. One module for browser and server.
// Runs everywhere. Must never fetch, store, or let project files loosen the policy.

export { scanCode } from './code/scan-code'
export { viewSource } from './code/source-view'
export * from './code-finding'
export * from './gate'
export * from './policy'
export { checkPrompt } from './prompt/check-prompt'
export * from './prompt/hidden-text'
export * from './protected-paths'
export * from './secrets/holdback'
export { maskSecrets, type SecretFinding, scanSecrets } from './secrets/scan-secrets'
export { packageToRun } from './shell/command-safety'
export { isTestPath } from './shell/dangerous'
export * from './terminal'
