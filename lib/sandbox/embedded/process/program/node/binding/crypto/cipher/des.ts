import type { BlockCipher } from './block-cipher'

/**
 * Triple DES (FIPS 46-3), for old data and old keys only. Blocks are lists of bits, numbered from 1 as in the tables of
 * the standard: slow, and short enough to be read beside it.
 */
type Bits = number[]

const initialPermutation = [58, 60, 62, 64, 57, 59, 61, 63].flatMap((start) =>
  Array.from({ length: 8 }, (_, index) => start - index * 8),
)
const finalPermutation = initialPermutation.map((_, index) => initialPermutation.indexOf(index + 1) + 1)
const expansion = Array.from({ length: 48 }, (_, index) => ((Math.floor(index / 6) * 4 + (index % 6) + 31) % 32) + 1)
const roundPermutation = [
  16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10, 2, 8, 24, 14, 32, 27, 3, 9, 19, 13, 30, 6, 22, 11, 4, 25,
]
const keyChoice = [
  57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60, 52, 44, 36, 63, 55,
  47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45, 37, 29, 21, 13, 5, 28, 20, 12, 4,
]
const roundKeyChoice = [
  14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2, 41, 52, 31, 37, 47, 55, 30,
  40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32,
]
const keyShifts = [1, 1, 2, 2, 2, 2, 2, 2, 1, 2, 2, 2, 2, 2, 2, 1]
/** The S-boxes, each as its four rows of hexadecimal digits. */
const boxes = [
  'e4d12fb83a6c5907 0f74e2d1a6cb9538 41e8d62bfc973a50 fc8249175b3ea06d',
  'f18e6b34972dc05a 3d47f28ec01a69b5 0e7ba4d158c6932f d8a13f42b67c05e9',
  'a09e63f51dc7b428 d709346a285ecbf1 d6498f30b12c5ae7 1ad069874fe3b52c',
  '7de3069a1285bc4f d8b56f03472c1ae9 a690cb7df13e5284 3f06a1d8945bc72e',
  '2c417ab6853fd0e9 eb2c47d150fa3986 421bad78f9c5630e b8c71e2d6f09a453',
  'c1af92680d34e75b af427c9561de0b38 9ef528c3704a1db6 432c95fabe17608d',
  '4b2ef08d3c975a61 d0b7491ae35c2f86 14bdc37eaf680592 6bd814a7950fe23c',
  'd2846fb1a93e50c7 1fd8a374c56b0e92 7b419ce206adf358 21e74a8dfc90356b',
].map((rows) => rows.replaceAll(' ', ''))

export function createTripleDes(key: Uint8Array): BlockCipher {
  const schedules = [0, 8, 16].map((at) => roundKeys(key.subarray(at, at + 8)))
  const reversed = schedules.map((keys) => [...keys].reverse())
  const run = (block: Uint8Array, steps: (Bits[] | undefined)[]) => {
    for (const keys of steps) block.set(fromBits(cipherBlock(toBits(block), keys as Bits[])))
  }
  return {
    blockLength: 8,
    encrypt: (block) => run(block, [schedules[0], reversed[1], schedules[2]]),
    decrypt: (block) => run(block, [reversed[2], schedules[1], reversed[0]]),
  }
}

function cipherBlock(block: Bits, keys: Bits[]): Bits {
  const mixed = choose(block, initialPermutation)
  let [left, right] = [mixed.slice(0, 32), mixed.slice(32)]
  for (const key of keys) {
    const mask = roundFunction(right, key)
    ;[left, right] = [right, left.map((bit, index) => bit ^ (mask[index] as number))]
  }
  return choose([...right, ...left], finalPermutation)
}

function roundFunction(half: Bits, key: Bits): Bits {
  const mixed = choose(half, expansion).map((bit, index) => bit ^ (key[index] as number))
  const substituted = boxes.flatMap((box, number) => {
    const six = mixed.slice(number * 6, number * 6 + 6) as [number, number, number, number, number, number]
    const row = six[0] * 2 + six[5]
    const column = six[1] * 8 + six[2] * 4 + six[3] * 2 + six[4]
    const value = Number.parseInt(box[row * 16 + column] as string, 16)
    return [value >> 3, (value >> 2) & 1, (value >> 1) & 1, value & 1]
  })
  return choose(substituted, roundPermutation)
}

function roundKeys(key: Uint8Array): Bits[] {
  const chosen = choose(toBits(key), keyChoice)
  let [left, right] = [chosen.slice(0, 28), chosen.slice(28)]
  return keyShifts.map((shift) => {
    left = [...left.slice(shift), ...left.slice(0, shift)]
    right = [...right.slice(shift), ...right.slice(0, shift)]
    return choose([...left, ...right], roundKeyChoice)
  })
}

function choose(bits: Bits, table: readonly number[]): Bits {
  return table.map((number) => bits[number - 1] as number)
}

function toBits(bytes: Uint8Array): Bits {
  return Array.from(
    { length: bytes.length * 8 },
    (_, index) => ((bytes[index >> 3] as number) >> (7 - (index & 7))) & 1,
  )
}

function fromBits(bits: Bits): Uint8Array {
  return Uint8Array.from({ length: bits.length / 8 }, (_, index) =>
    bits.slice(index * 8, index * 8 + 8).reduce((value, bit) => value * 2 + bit, 0),
  )
}
