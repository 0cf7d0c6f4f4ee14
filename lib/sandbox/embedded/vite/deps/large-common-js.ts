import { rewriteGlobals } from '../../preview/rewrite-globals'

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
      const required = requiredBy(text)
      if (text.length < minLength || required === null || defined.some((name) => text.includes(name))) return null
      const code = rewriteGlobals(text.replaceAll(/\bprocess\.env\.NODE_ENV\b/g, '"development"'))
      if (!isStrict(code)) return null
      const name = `__vitrineFile${functions.length}`
      functions.push(`function ${name}(module, exports, require, global) {\n${code}\n}\n`)
      const calls = required.map(
        (specifier) => `${JSON.stringify(specifier)}: () => require(${JSON.stringify(specifier)})`,
      )
      return `const required = { ${calls.join(', ')} }\n${name}.call(exports, module, exports, (name) => required[name](), globalThis)`
    },
    complete: (bundle) =>
      functions.filter((_, index) => bundle.includes(`__vitrineFile${index}.call(`)).join('') + bundle,
  }
}

/** The bundle is an ES module, whose code is strict: one file with an octal number in it would break all of it. */
function isStrict(code: string): boolean {
  try {
    new Function('module', 'exports', 'require', 'global', `"use strict";${code}`)
    return true
  } catch {
    // The bundler writes it anew, or says what is wrong.
    return false
  }
}

/** The modules that the text requires by their names; null when it is no plain CommonJS. */
function requiredBy(text: string): string[] | null {
  if (/^\s*(?:import|export)\b|\bimport\s*[(.]/m.test(text) || !/\b(?:module\.exports|exports\.\w)/.test(text))
    return null
  if (/typeof require\b|\brequire\s*[.)\],;=}?&|]/.test(text)) return null
  const calls = [...text.matchAll(/\brequire\s*\(\s*(?:(["'])([^"'\\\n]+)\1\s*\))?/g)]
  const names = calls.map(([, , name]) => name)
  return names.every((name) => name !== undefined) ? [...new Set(names)] : null
}
