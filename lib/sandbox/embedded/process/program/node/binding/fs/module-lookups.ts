import type { Binding, BindingContext } from '../context'
import type { FsCalls } from './calls'

type KindOf = (path: string) => string | null

/** What a package without `exports` may have as its entry, in the order in which Node looks. */
const mainEndings = ['', '.js', '.json', '.node', '/index.js', '/index.json', '/index.node']
const indexFiles = ['index.js', 'index.json', 'index.node']
const wasmMagic = [0, 0x61, 0x73, 0x6d]
const extensionless = { javascript: 0, wasm: 1 }

/** The kind of what a path leads to; null when that is nothing. */
export function statKind(fs: FsCalls, path: string): string | null {
  try {
    return fs.statOf(fs.toAbsolute(path), true).stat.kind
  } catch {
    return null
  }
}

/** The part of `internalBinding('fs')` that Node's own resolution of modules stands on. */
export function createModuleLookups(context: BindingContext, kindOf: KindOf): Binding {
  function legacyMainResolve(folder: string, main: unknown, base: unknown): number {
    const isFile = (name: string) => kindOf(`${folder.replace(/\/$/, '')}/${name}`) === 'file'
    if (typeof main === 'string') {
      const index = mainEndings.findIndex((ending) => isFile(main + ending))
      if (index !== -1) return index
    }
    const index = indexFiles.findIndex(isFile)
    if (index !== -1) return mainEndings.length + index
    if (typeof base !== 'string') {
      const message = 'The "base" argument must be of type string or an instance of URL.'
      throw Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_TYPE' })
    }
    if (!URL.canParse(base)) throw context.nodeError('ERR_INVALID_URL', base)
    const { fileURLToPath } = context.require<{ fileURLToPath(url: string): string }>('internal/url')
    const looked = `${folder}${typeof main === 'string' ? main : 'index.js'}`
    const message = `Cannot find package '${looked}' imported from ${fileURLToPath(base)}`
    throw Object.assign(new Error(message), { code: 'ERR_MODULE_NOT_FOUND' })
  }

  return {
    legacyMainResolve,
    getFormatOfExtensionlessFile(path: string) {
      const bytes = context.host.fs.readFile(path)
      return wasmMagic.every((byte, index) => bytes[index] === byte) ? extensionless.wasm : extensionless.javascript
    },
  }
}
