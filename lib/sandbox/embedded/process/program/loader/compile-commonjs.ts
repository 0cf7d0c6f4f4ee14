import { importName } from './emit'
import { locateSyntaxError } from './source'
import { wrapperHead } from './stack'

type Wrapper = (this: unknown, ...values: unknown[]) => unknown

/** Indirect eval keeps line numbers, which `new Function` would move by two. `wrapped` is what a program made of it. */
export function compileCommonJs(
  path: string,
  code: string,
  wrapped: string | null,
): (dynamicImport: unknown) => Wrapper {
  const text = code.startsWith('#!') ? `//${code}` : code
  const whole = wrapped === null ? `${wrapperHead}${text}\n})` : `((${importName}) => { return ${wrapped}\n})`
  try {
    // biome-ignore lint/security/noGlobalEval: running the user's code is what this program is for
    return globalThis.eval(`${whole}\n//# sourceURL=${path}`) as (dynamicImport: unknown) => Wrapper
  } catch (error) {
    throw withPlace(error, path, code)
  }
}

/** The engine says what is wrong with code for `eval`, but not where. */
function withPlace(error: unknown, path: string, code: string): unknown {
  const located = error instanceof SyntaxError ? locateSyntaxError(path, code) : null
  if (located === null) return error
  const { message } = error as SyntaxError
  const stack = located.stack?.replace(located.message, () => message)
  return Object.defineProperty(error as SyntaxError, 'stack', { value: stack, writable: true, configurable: true })
}
