/** As llhttp reports what it cannot read; the code is what programs look at. */
export class ParseFailure extends Error {
  readonly code: string
  readonly reason: string
  bytesParsed = 0
  /** How far into the line it was read. */
  readonly #offset: number

  constructor(code: string, reason: string, offset = 0) {
    super('Parse Error')
    this.name = 'Error'
    this.code = code
    this.reason = reason
    this.#offset = offset
  }

  /** The line begins there. */
  locate(start: number): void {
    this.bytesParsed = start + this.#offset
  }
}
