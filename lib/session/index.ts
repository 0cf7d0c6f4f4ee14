// One project open in one tab: picks implementations, wires them, forwards. No logic of its own.
// Runs in the browser. Must never be imported by another lib folder.
export * from './open-session'
export * from './page-api'
export * from './projects/projects'
export * from './types'
