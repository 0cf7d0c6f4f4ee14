import { importName } from './emit'
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
  // biome-ignore lint/security/noGlobalEval: running the user's code is what this program is for
  return globalThis.eval(`${whole}\n//# sourceURL=${path}`) as (dynamicImport: unknown) => Wrapper
}
