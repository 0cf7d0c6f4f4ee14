/** Globals that V8 adds by flags. A page cannot collect garbage or choose a string's memory, so these only answer. */
const globalsByFlag: Record<string, Record<string, unknown>> = {
  '--expose-gc': {
    gc: (options?: { execution?: string }) => (options?.execution === 'async' ? Promise.resolve() : undefined),
  },
  '--expose-externalize-string': {
    createExternalizableString: String,
    externalizeString: () => undefined,
    isOneByteString: (text: string) => !/[^\0-\xff]/.test(text),
  },
}

export function installEngineFlags(flags: readonly string[]) {
  for (const flag of flags) {
    const globals = globalsByFlag[flag.replaceAll('_', '-')] ?? {}
    for (const [name, value] of Object.entries(globals)) {
      Object.defineProperty(globalThis, name, { value, writable: true, configurable: true })
    }
  }
}

/** Hints to the engine's compiler, which a page cannot give. */
const hints = /%(?:PrepareFunctionForOptimization|OptimizeFunctionOnNextCall|NeverOptimizeFunction)(?=\()/g

/** What `--allow-natives-syntax` allows and a browser does not read, as code that does nothing; columns stay. */
export function withoutHints(flags: readonly string[], code: string): string {
  if (!flags.some((flag) => flag.replaceAll('_', '-') === '--allow-natives-syntax')) return code
  return code.replace(hints, (hint) => 'void'.padEnd(hint.length))
}
