// Entry of the bundle `node-late`: the parts of Node's library that few programs use. Loaded into a running process.
import { sources } from 'vitrine:node-library/late'

Reflect.set(globalThis, Symbol.for('vitrine.bundle.node-late'), { sources })
