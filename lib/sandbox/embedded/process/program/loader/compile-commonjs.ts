import { importName } from './emit'
import { errorAt } from './errors'
import { findSyntaxProblem, type Parser } from './source'
import { wrapperHead } from './stack'

type Wrapper = (this: unknown, ...values: unknown[]) => unknown

interface CompileOptions {
  /** What a program made of the code. */
  wrapped?: string | null
  parser?: Parser | undefined
}

/** Indirect eval keeps line numbers, which `new Function` would move by two. */
export function compileCommonJs(
  path: string,
  code: string,
  { wrapped = null, parser }: CompileOptions,
): (dynamicImport: unknown) => Wrapper {
  const text = code.startsWith('#!') ? `//${code}` : code
  const whole = wrapped === null ? `${wrapperHead}${text}\n})` : `((${importName}) => { return ${wrapped}\n})`
  try {
    // biome-ignore lint/security/noGlobalEval: running the user's code is what this program is for
    return globalThis.eval(`${whole}\n//# sourceURL=${path}`) as (dynamicImport: unknown) => Wrapper
  } catch (error) {
    // The engine says what is wrong with code for `eval`, but not where.
    const find = () => findSyntaxProblem(path, code, (text) => parser?.(text, 'script') ?? null)
    const problem = error instanceof SyntaxError ? find() : null
    throw problem === null ? error : errorAt(error as SyntaxError, problem.place)
  }
}
