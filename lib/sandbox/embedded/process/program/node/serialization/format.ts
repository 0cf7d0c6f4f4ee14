/** Tags of V8's value format, version 15. */
export const tag = {
  padding: 0x00,
  version: 0xff,
  undefined: '_',
  null: '0',
  true: 'T',
  false: 'F',
  int32: 'I',
  uint32: 'U',
  double: 'N',
  bigint: 'Z',
  latin1: '"',
  utf16: 'c',
  utf8: 'S',
  reference: '^',
  object: 'o',
  objectEnd: '{',
  denseArray: 'A',
  denseArrayEnd: '$',
  sparseArray: 'a',
  sparseArrayEnd: '@',
  hole: '-',
  date: 'D',
  trueObject: 'y',
  falseObject: 'x',
  numberObject: 'n',
  bigintObject: 'z',
  stringObject: 's',
  regexp: 'R',
  map: ';',
  mapEnd: ':',
  set: "'",
  setEnd: ',',
  arrayBuffer: 'B',
  transfer: 't',
  sharedBuffer: 'u',
  view: 'V',
  host: '\\',
  error: 'r',
} as const

export const formatVersion = 15

export const regexpFlags = 'gimyusvd'
  .split('')
  .map((flag, index) => [flag, [1, 2, 4, 8, 16, 32, 256, 128][index] ?? 0] as const)

type ViewConstructor = new (buffer: ArrayBufferLike, offset: number, length: number) => ArrayBufferView

/** Constructors of views, their tag, and the bytes of an element. */
export const views: readonly [letter: string, constructor: ViewConstructor, size: number][] = [
  ['b', Int8Array, 1],
  ['B', Uint8Array, 1],
  ['C', Uint8ClampedArray, 1],
  ['w', Int16Array, 2],
  ['W', Uint16Array, 2],
  ['d', Int32Array, 4],
  ['D', Uint32Array, 4],
  ['f', Float32Array, 4],
  ['F', Float64Array, 8],
  ['q', BigInt64Array, 8],
  ['Q', BigUint64Array, 8],
  ['?', DataView, 1],
]

export const errorPrototypes = {
  E: EvalError,
  R: RangeError,
  F: ReferenceError,
  S: SyntaxError,
  T: TypeError,
  U: URIError,
} as const
