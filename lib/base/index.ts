// The ground floor: results, errors, ids, stores, abort signals, channels, bytes, text and paths.
// Runs everywhere (browser, Worker, server). Must never touch the DOM, Node or any other folder of ours.
export * from './abort'
export * from './bytes'
export * from './channel'
export * from './errors'
export * from './ids'
export * from './path'
export * from './registry-path'
export * from './result'
export * from './store'
export * from './text'
export * from './tool-server-headers'
export * from './until-aborted'
