/** What a link may carry. The same numbers bind encoding, so that what we write can always be read back. */
export const shareLimits = {
  compressedBytes: 512 * 1024,
  inflatedBytes: 25 * 1024 * 1024,
  /** Inflated to compressed size, at every point of the way; only asked above `ratioFloorBytes`, for small files may repeat themselves. */
  ratio: 100,
  ratioFloorBytes: 1024 * 1024,
  files: 2_000,
  pathDepth: 20,
  traceEvents: 50_000,
  traceDepth: 64,
  nameLength: 100,
} as const

export type ShareRefusal =
  | 'not-a-share'
  | 'newer-version'
  | 'damaged'
  | 'too-large'
  | 'too-compressed'
  | 'too-many-files'
  | 'bad-path'
  | 'bad-shape'

/** Thrown inside this folder; `decodeProject` turns it into a value, `encodeProject` lets it out. */
export class ShareRefused extends Error {
  override readonly name = 'ShareRefused'
  readonly reason: ShareRefusal

  /** `message` is shown to people: what is wrong and what to do. */
  constructor(reason: ShareRefusal, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.reason = reason
  }
}
