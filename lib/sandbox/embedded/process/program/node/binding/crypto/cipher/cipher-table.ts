import { createCcm, createChachaPoly, createGcm } from './aead-modes'
import { type BlockCipher, createAes } from './block-cipher'
import { createBlockMode } from './block-modes'
import { createTripleDes } from './des'
import { createKeyWrap } from './key-wrap'
import type { ModeStart, RunningAead, RunningCipher } from './mode'
import { createOcb } from './ocb'
import { createCfb, createCfb8, createChacha, createCtr, createOfb } from './stream-modes'

/** What OpenSSL knows of a cipher, and how it is started. */
export interface CipherSpec {
  /** The name that `getCipherInfo` answers with. */
  readonly name: string
  readonly nid: number
  readonly mode: 'cbc' | 'ecb' | 'ctr' | 'cfb' | 'ofb' | 'gcm' | 'ccm' | 'ocb' | 'wrap' | 'stream'
  readonly keyLength: number
  readonly ivLength: number
  readonly blockSize: number
  /** Present when the cipher authenticates. */
  readonly startAead?: (start: ModeStart, tagLength: number) => RunningAead
  readonly start?: (start: ModeStart) => RunningCipher
}

type Mode = CipherSpec['mode']
type BlockFactory = (key: Uint8Array) => BlockCipher

/** Modes of any block cipher. */
function plainMode(mode: 'cbc' | 'ecb' | 'ofb' | 'cfb' | 'ctr', create: BlockFactory): Pick<CipherSpec, 'start'> {
  return {
    start({ key, iv, isEncrypting }) {
      const cipher = create(key)
      if (mode === 'ofb') return createOfb(cipher, iv)
      if (mode === 'ctr') return createCtr(cipher, iv)
      if (mode === 'cfb') return createCfb({ cipher, iv, isEncrypting })
      return createBlockMode({ cipher, isEncrypting, iv: mode === 'cbc' ? iv : undefined })
    },
  }
}

/** Numbers of the ciphers for keys of 128, 192 and 256 bits, as OpenSSL counts them. */
const aesNids: [name: string, mode: Mode, nids: [number, number, number]][] = [
  ['ecb', 'ecb', [418, 422, 426]],
  ['cbc', 'cbc', [419, 423, 427]],
  ['ofb', 'ofb', [420, 424, 428]],
  ['cfb', 'cfb', [421, 425, 429]],
  ['cfb8', 'cfb', [653, 654, 655]],
  ['ctr', 'ctr', [904, 905, 906]],
  ['gcm', 'gcm', [895, 898, 901]],
  ['ccm', 'ccm', [896, 899, 902]],
  ['ocb', 'ocb', [958, 959, 960]],
  ['wrap', 'wrap', [788, 789, 790]],
  ['wrap-pad', 'wrap', [897, 900, 903]],
]

function aesStart(name: string): Pick<CipherSpec, 'start' | 'startAead'> {
  switch (name) {
    case 'gcm':
      return { startAead: (start) => createGcm(createAes(start.key), start) }
    case 'ccm':
      return { startAead: (start, tagLength) => createCcm(createAes(start.key), start, tagLength) }
    case 'ocb':
      return { startAead: (start, tagLength) => createOcb(createAes(start.key), start, tagLength) }
    case 'wrap':
    case 'wrap-pad':
      return { start: (start) => createKeyWrap(createAes(start.key), start, name === 'wrap-pad') }
    case 'cfb8':
      return { start: ({ key, iv, isEncrypting }) => createCfb8({ cipher: createAes(key), iv, isEncrypting }) }
    default:
      return plainMode(name as 'cbc', createAes)
  }
}

function aesIvLength(name: string): number {
  if (name === 'ecb') return 0
  if (name === 'wrap') return 8
  if (name === 'wrap-pad') return 4
  return name === 'gcm' || name === 'ccm' || name === 'ocb' ? 12 : 16
}

function aesBlockSize(name: string): number {
  if (name === 'wrap' || name === 'wrap-pad') return 8
  return name === 'cbc' || name === 'ecb' || name === 'ocb' ? 16 : 1
}

const byName = new Map<string, CipherSpec>()
const names: string[] = []

function add(spec: CipherSpec, ...aliases: string[]): void {
  for (const name of new Set([spec.name, ...aliases])) {
    byName.set(name.toLowerCase(), spec)
    names.push(name)
  }
}

for (const [name, mode, nids] of aesNids) {
  for (const [index, nid] of nids.entries()) {
    const bits = 128 + index * 64
    const isIdName = mode === 'gcm' || mode === 'ccm' || mode === 'wrap'
    const spec: CipherSpec = {
      name: isIdName ? `id-aes${bits}-${mode === 'wrap' ? name : name.toUpperCase()}` : `aes-${bits}-${name}`,
      nid,
      mode,
      keyLength: bits / 8,
      ivLength: aesIvLength(name),
      blockSize: aesBlockSize(name),
      ...aesStart(name),
    }
    const short = mode === 'wrap' ? [`aes${bits}-${name}`] : [`aes-${bits}-${name}`]
    add(spec, ...short, ...(name === 'cbc' ? [`aes${bits}`] : []))
  }
}

const des = { blockSize: 8, keyLength: 24 }
add({ ...des, name: 'des-ede3-cbc', nid: 44, mode: 'cbc', ivLength: 8, ...plainMode('cbc', createTripleDes) }, 'des3')
add(
  { ...des, name: 'des-ede3', nid: 33, mode: 'ecb', ivLength: 0, ...plainMode('ecb', createTripleDes) },
  'des-ede3-ecb',
)
add({
  ...des,
  name: 'des-ede3-cfb',
  nid: 61,
  mode: 'cfb',
  ivLength: 8,
  blockSize: 1,
  ...plainMode('cfb', createTripleDes),
})
add({
  ...des,
  name: 'des-ede3-ofb',
  nid: 63,
  mode: 'ofb',
  ivLength: 8,
  blockSize: 1,
  ...plainMode('ofb', createTripleDes),
})

const chacha = { mode: 'stream', keyLength: 32, blockSize: 1 } as const
add({ ...chacha, name: 'chacha20', nid: 1019, ivLength: 16, start: ({ key, iv }) => createChacha(key, iv) })
add({ ...chacha, name: 'chacha20-poly1305', nid: 1018, ivLength: 12, startAead: (start) => createChachaPoly(start) })

export function findCipher(nameOrNid: string | number): CipherSpec | undefined {
  if (typeof nameOrNid === 'string') return byName.get(nameOrNid.toLowerCase())
  return [...byName.values()].find(({ nid }) => nid === nameOrNid)
}

export const cipherNames: readonly string[] = names.sort()
