import type { KeyData } from '../key/key-data'
import type { KeyHandle } from '../key-handle'
import type { CryptoSupport } from '../support'

export function createX509Binding(_support: CryptoSupport, _handleOf: (data: KeyData) => KeyHandle) {
  return {}
}
