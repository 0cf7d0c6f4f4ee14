// Conversations recorded so that they can be played again: without a model, a sandbox or a network.
// Runs everywhere. Must never execute what a recording says a command did.
export type { Cassette, CassetteTurn } from './cassette'
export { parseCassette } from './parse-cassette'
export { recordCassette } from './record-cassette'
export { type Replay, replayCassette } from './replay-cassette'
