import { readPlainCommonJs } from './plain-common-js'

/** Reading a megabyte takes esbuild in WebAssembly seconds, and gains nothing for code without `import`. */
const minLength = 100_000

export interface LargeCommonJs {
  /** What esbuild is to read in the file's place: its `require` calls, and a call of the file as a function. */
  standIn(text: string): string | null
  /** The bundle with the files in it that it calls. */
  complete(bundle: string): string
}

/** Keeps large CommonJS files away from the bundler. `defined`: names that it would replace in them. */
export function createLargeCommonJs(defined: readonly string[]): LargeCommonJs {
  const functions: string[] = []
  return {
    standIn(text) {
      const file = text.length < minLength ? null : readPlainCommonJs(text, defined)
      if (file === null) return null
      const name = `__vitrineFile${functions.length}`
      functions.push(`function ${name}(module, exports, require, global) {\n${file.code}\n}\n`)
      const calls = file.required.map(
        (specifier) => `${JSON.stringify(specifier)}: () => require(${JSON.stringify(specifier)})`,
      )
      return `const required = { ${calls.join(', ')} }\n${name}.call(exports, module, exports, (name) => required[name](), globalThis)`
    },
    complete: (bundle) =>
      functions.filter((_, index) => bundle.includes(`__vitrineFile${index}.call(`)).join('') + bundle,
  }
}
