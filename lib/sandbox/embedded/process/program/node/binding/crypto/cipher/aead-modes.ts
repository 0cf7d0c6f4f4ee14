import { poly1305 } from '@noble/ciphers/_poly1305.js'
import { ghash } from '@noble/ciphers/_polyval.js'
import { concatBytes } from '../support'
import { type BlockCipher, xorInto } from './block-cipher'
import type { ModeStart, RunningAead } from './mode'
import { createChachaStream, createCounterStream } from './stream-modes'

const blockLength = 16
const empty: Uint8Array = new Uint8Array(0)

/** A MAC over additional data and ciphertext, each filled up with zeros to whole blocks. */
interface Mac {
  update(bytes: Uint8Array): unknown
  digest(): Uint8Array
}

function createPaddedMac(mac: Mac) {
  let pending = empty
  let length = 0
  return {
    get length() {
      return length
    },
    add(bytes: Uint8Array): void {
      length += bytes.length
      const all = concatBytes(pending, bytes)
      const whole = all.length - (all.length % blockLength)
      if (whole > 0) mac.update(all.slice(0, whole))
      pending = all.slice(whole)
    },
    endSection(): number {
      const result = length
      if (pending.length > 0) mac.update(concatBytes(pending, new Uint8Array(blockLength - pending.length)))
      pending = empty
      length = 0
      return result
    },
  }
}

function lengthBytes(bytes: number, isLittleEndian = false): Uint8Array {
  const result = new Uint8Array(8)
  new DataView(result.buffer).setBigUint64(0, BigInt(bytes), isLittleEndian)
  return result
}

/** Encrypt-then-MAC as GCM and ChaCha20-Poly1305 do it: they differ in key stream, MAC, and how lengths are written. */
interface EncryptThenMac {
  readonly isEncrypting: boolean
  readonly stream: (bytes: Uint8Array) => Uint8Array
  readonly mac: Mac
  readonly lengths: (additional: number, text: number) => Uint8Array
  readonly finish: (digest: Uint8Array) => Uint8Array
}

function createEncryptThenMac({ isEncrypting, stream, mac, lengths, finish }: EncryptThenMac): RunningAead {
  const padded = createPaddedMac(mac)
  let additionalLength: number | undefined
  let tag = empty
  const endAdditional = () => {
    additionalLength ??= padded.endSection()
    return additionalLength
  }
  return {
    addData: (bytes) => padded.add(bytes),
    update(bytes) {
      endAdditional()
      if (!isEncrypting) padded.add(bytes)
      const result = stream(bytes)
      if (isEncrypting) padded.add(result)
      return result
    },
    final() {
      const additional = endAdditional()
      mac.update(lengths(additional, padded.endSection()))
      tag = finish(mac.digest())
      return empty
    },
    tag: () => tag,
  }
}

export function createGcm(cipher: BlockCipher, { iv, isEncrypting }: ModeStart): RunningAead {
  const hashKey = new Uint8Array(blockLength)
  cipher.encrypt(hashKey)
  const bits = (bytes: number) => lengthBytes(bytes * 8)
  const start = new Uint8Array(blockLength)
  if (iv.length === 12) {
    start.set(iv)
    start[blockLength - 1] = 1
  } else {
    const mac = ghash.create(hashKey)
    const padded = createPaddedMac(mac)
    padded.add(iv)
    padded.endSection()
    mac.update(concatBytes(new Uint8Array(8), bits(iv.length)))
    start.set(mac.digest())
  }
  const stream = createCounterStream(cipher, start, 4)
  const mask = stream(new Uint8Array(blockLength))
  return createEncryptThenMac({
    isEncrypting,
    stream,
    mac: ghash.create(hashKey),
    lengths: (additional, text) => concatBytes(bits(additional), bits(text)),
    finish(digest) {
      const tag = digest.slice()
      xorInto(tag, mask)
      return tag
    },
  })
}

export function createChachaPoly({ key, iv, isEncrypting }: ModeStart): RunningAead {
  const nonce = concatBytes(new Uint8Array(12 - iv.length), iv)
  const macKey = createChachaStream(key, nonce, 0)(new Uint8Array(32))
  return createEncryptThenMac({
    isEncrypting,
    stream: createChachaStream(key, nonce, 1),
    mac: poly1305.create(macKey),
    lengths: (additional, text) => concatBytes(lengthBytes(additional, true), lengthBytes(text, true)),
    finish: (digest) => digest,
  })
}

/** CCM (RFC 3610). The message comes in one piece, since its length is part of what is authenticated. */
export function createCcm(cipher: BlockCipher, { iv, isEncrypting }: ModeStart, tagLength: number): RunningAead {
  const lengthFieldBytes = 15 - iv.length
  let additional = empty
  let tag: Uint8Array | undefined

  function authenticate(message: Uint8Array): Uint8Array {
    const flags = (additional.length > 0 ? 0x40 : 0) | (((tagLength - 2) / 2) << 3) | (lengthFieldBytes - 1)
    const length = lengthBytes(message.length).subarray(8 - Math.min(8, lengthFieldBytes))
    const first = concatBytes(Uint8Array.of(flags), iv, new Uint8Array(lengthFieldBytes - length.length), length)
    const sum = new Uint8Array(blockLength)
    for (const section of [first, withLength(additional), message]) {
      for (let at = 0; at < section.length; at += blockLength) {
        const block = new Uint8Array(blockLength)
        block.set(section.subarray(at, at + blockLength))
        xorInto(sum, block)
        cipher.encrypt(sum)
      }
    }
    return sum
  }

  function process(bytes: Uint8Array): Uint8Array {
    const counter = concatBytes(Uint8Array.of(lengthFieldBytes - 1), iv, new Uint8Array(lengthFieldBytes))
    const stream = createCounterStream(cipher, counter, lengthFieldBytes)
    const mask = stream(new Uint8Array(blockLength))
    const result = stream(bytes)
    const computed = authenticate(isEncrypting ? bytes : result)
    xorInto(computed, mask)
    tag = computed.subarray(0, tagLength)
    return result
  }

  return {
    addData(bytes) {
      additional = concatBytes(additional, bytes)
    },
    update: process,
    final() {
      if (!tag) process(empty)
      return empty
    },
    tag: () => tag ?? empty,
  }
}

/** The additional data of CCM follows its own length, of two bytes or, after a mark, of four. */
function withLength(additional: Uint8Array): Uint8Array {
  const { length } = additional
  if (length === 0) return empty
  const prefix = lengthBytes(length)
  if (length < 0xff00) return concatBytes(prefix.subarray(6), additional)
  return concatBytes(Uint8Array.of(0xff, 0xfe), prefix.subarray(4), additional)
}
