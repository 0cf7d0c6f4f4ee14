/** As llhttp reports what it cannot read; the code is what programs look at. */
export class ParseFailure extends Error {
  readonly code: string
  readonly reason: string
  bytesParsed = 0

  constructor(code: string, reason: string) {
    super('Parse Error')
    this.name = 'Error'
    this.code = code
    this.reason = reason
  }
}
