import type { AsymmetricKey, KeyData } from './key/key-data'
import { type ByteSource, toBytes } from './support'

/** What holds a key; `KeyObjectHandle` and Node's `KeyObject` are both made of it. */
export abstract class KeyHandle {
  /** Throws before `init`. */
  abstract get keyData(): KeyData
}

/** A secret key as Node's library passes it: a handle, or plain bytes. */
export type KeySource = KeyHandle | ByteSource

export function secretBytes(source: KeySource): Uint8Array {
  if (!(source instanceof KeyHandle)) return toBytes(source)
  const { keyData } = source
  if (keyData.kind !== 'secret') throw new TypeError(`A ${keyData.kind} key where a secret key belongs`)
  return keyData.bytes
}

export function asymmetricKey(handle: KeyHandle): AsymmetricKey {
  const { keyData } = handle
  if (keyData.kind === 'secret') throw new TypeError('A secret key where an asymmetric one belongs')
  return keyData
}
