/** A cipher at work, in one direction. */
export interface RunningCipher {
  update(bytes: Uint8Array): Uint8Array
  final(): Uint8Array
  /** For block modes: whether the last block is filled up, as it is unless told otherwise. */
  setPadding?(isPadded: boolean): void
}

/** A cipher that also authenticates. */
export interface RunningAead extends RunningCipher {
  addData(bytes: Uint8Array, plaintextLength: number): void
  /** The whole tag, once `final` has run; the caller compares it or cuts it to length. */
  tag(): Uint8Array
}

/** What any mode starts from. */
export interface ModeStart {
  readonly key: Uint8Array
  readonly iv: Uint8Array
  readonly isEncrypting: boolean
}
