import { natives } from '../natives'
import { deferInContext } from './async-resource'
import type { Binding, BindingContext } from './context'
import type { createCryptoBinding as create } from './crypto/binding'
import type { CryptoSupport } from './crypto/support'
import { hostObjectsOf } from './host-objects'

/** `internalBinding('crypto')`; its code is a bundle of its own, loaded when a program first asks for it. */
export function createCryptoBinding(context: BindingContext): Binding {
  const { createCryptoBinding } = loadCrypto(context)
  const binding = createCryptoBinding({
    Buffer: context.require<Pick<CryptoSupport, 'Buffer'>>('buffer').Buffer,
    defer: deferInContext(context, 'CRYPTOREQUEST'),
    getRandomValues: (bytes) => natives.crypto.getRandomValues(bytes),
    subtle: natives.crypto.subtle,
  })
  registerHosts(context, binding as unknown as CryptoClasses)
  return binding
}

/** While its code is loaded it tries the global `crypto`: that must not be Node's, which would ask for this binding. */
function loadCrypto(context: BindingContext): { createCryptoBinding: typeof create } {
  const own = Object.getOwnPropertyDescriptor(globalThis, 'crypto')
  Object.defineProperty(globalThis, 'crypto', { value: natives.crypto, configurable: true })
  try {
    return context.bundle('node-crypto')
  } finally {
    if (own) Object.defineProperty(globalThis, 'crypto', own)
  }
}

interface KeyHandle {
  toMessage(): unknown
}
type KeyClass = new (handle: unknown) => object
type DefineKeys = (Base: { prototype: KeyHandle }) => unknown
interface CryptoClasses {
  createNativeKeyObjectClass(define: DefineKeys): unknown
  KeyObjectHandle: { prototype: KeyHandle; fromMessage(data: unknown): KeyHandle }
  X509Handle: { prototype: object }
  parseX509(bytes: Uint8Array): object
}

/** Keys and certificates can be sent to other threads. */
function registerHosts(context: BindingContext, binding: CryptoClasses): void {
  const { KeyObjectHandle, X509Handle, parseX509, createNativeKeyObjectClass } = binding
  const hosts = hostObjectsOf(context)
  const keys = {
    name: 'crypto:KeyObject',
    clone: (key: object) => (key as KeyHandle).toMessage(),
    restore({ type, handle }: { type: number; handle: unknown }) {
      const classes = context.require<Record<string, KeyClass>>('internal/crypto/keys')
      const KeyObject = classes[['SecretKeyObject', 'PublicKeyObject', 'PrivateKeyObject'][type] ?? '']
      if (!KeyObject) throw new Error('Unknown type of key')
      return new KeyObject(handle)
    },
  }
  // Who receives a key may not have loaded the classes of keys yet.
  hosts.register({ ...keys, Class: { prototype: {} } })
  binding.createNativeKeyObjectClass = (define) =>
    createNativeKeyObjectClass((Base) => {
      hosts.register({ ...keys, Class: Base })
      return define(Base)
    })
  hosts.register({
    name: 'crypto:KeyObjectHandle',
    Class: KeyObjectHandle,
    clone: (handle) => (handle as KeyHandle).toMessage(),
    restore: (data) => KeyObjectHandle.fromMessage(data),
  })
  hosts.register({
    name: 'crypto:X509Handle',
    Class: X509Handle,
    clone: (handle) => (handle as { raw(): Uint8Array }).raw(),
    restore: (raw: Uint8Array) => parseX509(raw),
  })
}
