// Stands for Node's `util` in the fake timers' package, which asks it for this symbol and nothing else.
export const promisify = { custom: Symbol.for('nodejs.util.promisify.custom') }
