import { replaceAll } from '../loader/emit'
import { lowerAsync, type Parse } from '../loader/lower-async'
import type { ResolverFs } from '../loader/package-scope'
import type { Resolver } from '../loader/resolve'
import { mentionsAsyncHooks, usesAsyncHooks } from '../loader/uses-async-hooks'
import { installAsyncHelpers } from './async-helpers'
import type { Library } from './library/library'

export interface AsyncLowering {
  /** Looks at a program's files; from the first that uses `async_hooks` on, code is lowered. */
  observe(entry: string, fs: ResolverFs, resolver: Resolver): void
  /** A file of the project that runners load by a name of their own may be the first to use them. */
  apply(code: string, path?: string): string
}

/** Costs programs that do not use `AsyncLocalStorage` nothing but the look at their imports. */
export function createAsyncLowering(library: Library): AsyncLowering {
  let isOn = false
  const parse: Parse = (code, isModule) => {
    const { Parser } = library.require<{ Parser: { parse(code: string, options: object): ReturnType<Parse> } }>(
      'internal/deps/acorn/acorn/dist/acorn',
    )
    return Parser.parse(code, {
      ecmaVersion: 'latest',
      sourceType: isModule ? 'module' : 'script',
      allowReturnOutsideFunction: true,
      allowAwaitOutsideFunction: true,
      allowImportExportEverywhere: isModule,
      allowHashBang: true,
      // Where an operand begins is where its parenthesis does.
      preserveParens: true,
    })
  }
  function lower(code: string, isModule: boolean): string | null {
    try {
      return replaceAll(code, lowerAsync(code, isModule, parse))
    } catch {
      // What this parser cannot read stays as it is; whether it runs is for the engine to say.
      return null
    }
  }
  function begin() {
    isOn = true
    installAsyncHelpers()
  }
  return {
    observe(entry, fs, resolver) {
      if (!isOn && fs.isFile(entry) && usesAsyncHooks(entry, fs, resolver)) begin()
    },
    apply(code, path = '/node_modules/') {
      if (!isOn && !path.includes('/node_modules/') && mentionsAsyncHooks(code)) begin()
      return isOn ? (lower(code, true) ?? lower(code, false) ?? code) : code
    },
  }
}
