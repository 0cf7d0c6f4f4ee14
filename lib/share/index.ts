// A project as text: the codec behind share links, the links themselves, and the .zip download.
// Runs everywhere (browser, server, Node). Must never run, trust or silently repair what it decodes.
export * from './codec'
export * from './link'
export * from './secrets'
export * from './zip'
