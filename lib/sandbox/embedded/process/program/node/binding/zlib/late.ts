// Entry of the bundle `node-zlib`: what `node:zlib` stands on. Loaded into a running process.
import { createZlibBinding } from './binding'

Reflect.set(globalThis, Symbol.for('vitrine.bundle.node-zlib'), { createZlibBinding })
