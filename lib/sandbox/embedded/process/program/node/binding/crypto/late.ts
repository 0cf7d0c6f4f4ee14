// Entry of the bundle `node-crypto`: what `node:crypto` stands on. Loaded into a running process.
import { createCryptoBinding } from './binding'

Reflect.set(globalThis, Symbol.for('vitrine.bundle.node-crypto'), { createCryptoBinding })
