// Several attempts at one turn, each on a fork of the project: run, compared, one of them taken.
// Runs everywhere. Must never change the project before an attempt is taken.
export type { RunTurn } from './attempt'
export { race } from './race'
