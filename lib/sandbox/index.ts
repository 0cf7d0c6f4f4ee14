// Runs the project's code in the tab: the `Sandbox` type, its contract suite, and the implementations.
// Runs in the browser. Untrusted code stays in an opaque origin; must never hand it a key, a cookie or the network.
export * from './mirror'
export * from './run'
export * from './test-times'
export * from './types'
