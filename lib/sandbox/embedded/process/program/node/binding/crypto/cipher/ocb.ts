import { concatBytes } from '../support'
import { type BlockCipher, xorInto } from './block-cipher'
import type { ModeStart, RunningAead } from './mode'

const blockLength = 16
const empty: Uint8Array = new Uint8Array(0)

/** OCB3 (RFC 7253). */
export function createOcb(cipher: BlockCipher, { iv, isEncrypting }: ModeStart, tagLength: number): RunningAead {
  const star = new Uint8Array(blockLength)
  cipher.encrypt(star)
  const dollar = double(star)
  const masks = [double(dollar)]
  const maskFor = (number: number): Uint8Array => {
    const zeros = 31 - Math.clz32(number & -number)
    while (masks.length <= zeros) masks.push(double(masks.at(-1) as Uint8Array))
    return masks[zeros] as Uint8Array
  }

  const offset = firstOffset(cipher, iv, tagLength)
  const checksum = new Uint8Array(blockLength)
  let blocks = 0
  let pending = empty
  let additional = empty
  let tag = empty

  function processBlock(block: Uint8Array): Uint8Array {
    xorInto(offset, maskFor(++blocks))
    const result = block.slice()
    if (isEncrypting) xorInto(checksum, block)
    xorInto(result, offset)
    if (isEncrypting) cipher.encrypt(result)
    else cipher.decrypt(result)
    xorInto(result, offset)
    if (!isEncrypting) xorInto(checksum, result)
    return result
  }

  function processRest(rest: Uint8Array): Uint8Array {
    if (rest.length === 0) return empty
    xorInto(offset, star)
    const mask = offset.slice()
    cipher.encrypt(mask)
    const result = rest.map((byte, index) => byte ^ (mask[index] as number))
    xorInto(checksum, padded(isEncrypting ? rest : result))
    return result
  }

  function hashAdditional(): Uint8Array {
    const sum = new Uint8Array(blockLength)
    const at = new Uint8Array(blockLength)
    const whole = additional.length - (additional.length % blockLength)
    for (let start = 0; start < additional.length; start += blockLength) {
      xorInto(at, start < whole ? maskFor(start / blockLength + 1) : star)
      const block = start < whole ? additional.slice(start, start + blockLength) : padded(additional.subarray(start))
      xorInto(block, at)
      cipher.encrypt(block)
      xorInto(sum, block)
    }
    return sum
  }

  return {
    addData(bytes) {
      additional = concatBytes(additional, bytes)
    },
    update(bytes) {
      const all = concatBytes(pending, bytes)
      const whole = all.length - (all.length % blockLength)
      const result = new Uint8Array(whole)
      for (let at = 0; at < whole; at += blockLength) result.set(processBlock(all.subarray(at, at + blockLength)), at)
      pending = all.slice(whole)
      return result
    },
    final() {
      const result = processRest(pending)
      xorInto(checksum, offset)
      xorInto(checksum, dollar)
      cipher.encrypt(checksum)
      xorInto(checksum, hashAdditional())
      tag = checksum.slice(0, tagLength)
      return result
    },
    tag: () => tag,
  }
}

function firstOffset(cipher: BlockCipher, iv: Uint8Array, tagLength: number): Uint8Array {
  const nonce = new Uint8Array(blockLength)
  nonce.set(iv, blockLength - iv.length)
  nonce[0] = ((tagLength * 8) % 128) << 1
  nonce[blockLength - 1 - iv.length] = (nonce[blockLength - 1 - iv.length] as number) | 1
  const bottom = (nonce[blockLength - 1] as number) & 0x3f
  nonce[blockLength - 1] = (nonce[blockLength - 1] as number) & 0xc0
  cipher.encrypt(nonce)
  const rotated = nonce.subarray(1, 9).slice()
  xorInto(rotated, nonce.subarray(0, 8))
  const stretched = concatBytes(nonce, rotated)
  const [skip, shift] = [bottom >> 3, bottom & 7]
  return Uint8Array.from({ length: blockLength }, (_, index) => {
    const pair = ((stretched[skip + index] as number) << 8) | (stretched[skip + index + 1] ?? 0)
    return (pair >> (8 - shift)) & 0xff
  })
}

function padded(rest: Uint8Array): Uint8Array {
  const block = new Uint8Array(blockLength)
  block.set(rest)
  block[rest.length] = 0x80
  return block
}

/** Multiplication by x in the field that OCB counts in. */
function double(block: Uint8Array): Uint8Array {
  const carry = (block[0] as number) >> 7
  return block.map((byte, index) => {
    const shifted = ((byte << 1) | ((block[index + 1] ?? 0) >> 7)) & 0xff
    return index === blockLength - 1 && carry ? shifted ^ 0x87 : shifted
  })
}
