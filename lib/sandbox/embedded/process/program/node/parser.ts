import type { Parser } from '../loader/source'
import type { Library } from './library/library'

type Parse = (code: string, options: object) => unknown

/** Node's own parser, loaded by the first error. */
export const parserOf =
  ({ require }: Library): Parser =>
  (code, sourceType) => {
    const { parse } = require<{ parse: Parse }>('internal/deps/acorn/acorn/dist/acorn')
    try {
      parse(code, { ecmaVersion: 'latest', sourceType, allowReturnOutsideFunction: sourceType === 'script' })
      return null
    } catch (error) {
      const { pos } = error as { pos?: number }
      // It stops behind an `await` that is none.
      const before = /\bawait\s+$/.exec(code.slice(0, pos))
      return before?.index ?? pos ?? null
    }
  }
