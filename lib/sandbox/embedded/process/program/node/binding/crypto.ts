import { natives } from '../natives'
import type { Binding, BindingContext } from './context'
import type { createCryptoBinding as create } from './crypto/binding'
import type { CryptoSupport } from './crypto/support'

/** `internalBinding('crypto')`; its code is a bundle of its own, loaded when a program first asks for it. */
export function createCryptoBinding(context: BindingContext): Binding {
  const { createCryptoBinding } = context.bundle<{ createCryptoBinding: typeof create }>('node-crypto')
  return createCryptoBinding({
    Buffer: context.require<Pick<CryptoSupport, 'Buffer'>>('buffer').Buffer,
    defer: context.defer,
    getRandomValues: (bytes) => natives.crypto.getRandomValues(bytes),
  })
}
