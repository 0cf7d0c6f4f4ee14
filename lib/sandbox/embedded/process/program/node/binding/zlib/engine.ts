/** A failed step, in the three parts that Node's `zlibOnError` takes. */
export interface CompressionError {
  readonly message: string
  readonly errno: number
  readonly code: string
}

/** A part of a byte array that one step reads from or writes to. */
export interface Span {
  readonly bytes: Uint8Array
  readonly offset: number
  readonly length: number
}

/** How much of both spans a step has left unused. */
export interface StepResult {
  readonly availableIn: number
  readonly availableOut: number
  readonly error?: CompressionError | undefined
}

/**
 * One compressor or decompressor behind a handle. A step consumes what it can of the input and fills what it can of the
 * output; when the output is full it is called again with what is left.
 */
export interface CompressionEngine {
  step(flush: number, input: Span, output: Span): StepResult
  reset(): CompressionError | undefined
  params?(level: number, strategy: number): CompressionError | undefined
  close(): void
}
