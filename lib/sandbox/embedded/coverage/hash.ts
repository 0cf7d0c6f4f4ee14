// Stands for Node's `crypto` in the instrumenter, which names files by a hash of their text.
import { sha1 } from '@noble/hashes/legacy.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'

export function createHash(_algorithm: 'sha1') {
  let text = ''
  const hash = {
    update(more: string) {
      text += more
      return hash
    },
    digest: (_encoding: 'hex') => bytesToHex(sha1(utf8ToBytes(text))),
  }
  return hash
}
