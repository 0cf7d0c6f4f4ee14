// Plays recorded responses back. Runs everywhere. Must never reach a network.
export * from './replay-model'
