import type { Binding, BindingContext } from './context'
import { withScriptImports } from './script-imports'
import { createSigintWatchdog } from './sigint-watchdog'
import { checkedCode, runUntil } from './vm-deadline'
import { createVmScope, type VmScope } from './vm-scope'

/** `vm`: scripts in this realm, and contexts whose code sees an object as its globals, with this realm's builtins. */
export function createContextifyBinding(context: BindingContext): Binding {
  const scopes = new WeakMap<object, VmScope>()
  const marker = context.privateSymbols.contextify_context_private_symbol ?? ''
  const noContextify = context.symbols.vm_context_no_contextify

  function makeContext(given: object | symbol) {
    const scope = createVmScope((given === noContextify ? {} : given) as Record<PropertyKey, unknown>)
    const target = given === noContextify ? scope.proxy : (given as object)
    scopes.set(target, scope)
    Reflect.set(target, marker, target)
    return target
  }
  function scopeOf(target: object): VmScope {
    const scope = scopes.get(target)
    if (scope === undefined) throw new TypeError('Illegal invocation')
    return scope
  }

  class ContextifyScript {
    readonly #code: string
    #checkedCode: string | null = null
    readonly sourceMapURL: string | undefined
    cachedDataRejected: boolean | undefined
    constructor(code: string, filename: string, lineOffset = 0, ...rest: unknown[]) {
      const [columnOffset, cachedData, , , id] = rest
      assertParses(code, filename)
      const routed = withScriptImports(context, code, { referrer: () => this, id })
      this.#code = placed(context.lower(routed), filename, { line: lineOffset, column: Number(columnOffset ?? 0) })
      this.sourceMapURL = /\/\/[#@] sourceMappingURL=(\S+)\s*$/m.exec(code)?.[1]
      // Nothing is compiled ahead here, so foreign data never fits.
      if (cachedData !== undefined) this.cachedDataRejected = true
    }
    createCachedData() {
      return context.require<{ Buffer: { from(text: string): Uint8Array } }>('buffer').Buffer.from(this.#code)
    }
    /** A `timeoutMs` of -1 is none. */
    runInContext(target: object | null, timeoutMs = -1) {
      if (timeoutMs < 0) return this.#run(target, this.#code)
      this.#checkedCode ??= checkedCode(context, this.#code)
      const code = this.#checkedCode
      return runUntil(timeoutMs, () => this.#run(target, code))
    }
    #run(target: object | null, code: string): unknown {
      if (target !== null) return scopeOf(target).run(code)
      // biome-ignore lint/security/noGlobalEval: running code in this realm is what the call is for
      return globalThis.eval(code)
    }
  }

  function compileFunction(code: string, filename: string, ...values: unknown[]) {
    const [, , , , parsingContext, extensions, parameters, id] = values as [
      number,
      number,
      unknown,
      boolean,
      object | undefined,
      object[] | undefined,
      string[] | undefined,
      unknown,
    ]
    const head = (parameters ?? []).join(',')
    assertParses(`(function (${head}) {${code}\n})`, filename)
    const routed = withScriptImports(context, code, { referrer: () => result.function, id })
    const text = `(function (${head}) {${routed}\n})\n//# sourceURL=${filename || 'evalmachine.<anonymous>'}`
    const extended = extensions !== undefined && extensions.length > 0
    const run = (source: string): unknown => {
      if (parsingContext !== undefined) return scopeOf(parsingContext).run(source)
      if (!extended) {
        // biome-ignore lint/security/noGlobalEval: compiling code for this realm is what the call is for
        return globalThis.eval(source)
      }
      return new Function('extensions', 'source', 'with (Object.assign({}, ...extensions)) { return eval(source) }')(
        extensions,
        source,
      )
    }
    const result = { function: run(text) as object, sourceMapURL: undefined, cachedDataProduced: false }
    return result
  }

  return {
    ...context.constants('contextify'),
    ContextifyScript,
    compileFunction,
    makeContext,
    /** For what else runs code in a context. */
    scopeOf,
    containsModuleSyntax: (code: string) => /^\s*(import\b(?!\s*[(.])|export\b)/m.test(code),
    compileFunctionForCJSLoader: (code: string, filename: string) => compileFunction(code, filename),
    ...createSigintWatchdog(context),
    measureMemory() {
      throw context.unavailable('A browser does not tell how much memory each context uses.')
    },
  }
}

/** Finds errors of syntax when the script is made, as Node does, and not when it runs. */
function assertParses(code: string, filename: string) {
  try {
    // In a function `return` would be allowed, so the text is parsed as a body that never runs.
    new Function(`"use evalmachine";if(0){}\n${code}\n`)
  } catch (error) {
    if (error instanceof SyntaxError && !/^(Illegal return|await is only valid)/.test(error.message)) {
      error.stack = `${filename}\n\n${error.stack}`
      throw error
    }
  }
}

function placed(code: string, filename: string, { line, column }: { line: number; column: number }): string {
  const lead = line > 0 || column > 0 ? '\n'.repeat(Math.max(0, line)) + ' '.repeat(Math.max(0, column)) : ''
  return `${lead}${code}\n//# sourceURL=${filename}`
}
