// The agent: one turn as an async generator of events, its tools, patches and verification.
// Runs everywhere. Must never import React, a store or a browser API; reaches the world through its arguments.
export * from './events'
export * from './thread-view'
export * from './types'
