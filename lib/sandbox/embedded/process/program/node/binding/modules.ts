import type { Binding, BindingContext } from './context'

/** A package.json as Node's C++ hands it on: name, main, type, imports, exports, path. */
type PackageEntry = [
  name: string | undefined,
  main: string | undefined,
  type: 'module' | 'commonjs' | 'none',
  imports: string | undefined,
  exports: string | undefined,
  path: string,
]

/** `internalBinding('modules')`: what Node's own resolution of modules knows of packages. */
export function createModulesBinding(context: BindingContext): Binding {
  const { constants, data } = context

  function read(path: string, whoAsks = ''): PackageEntry | undefined {
    const { fs } = context.host
    if (!fs.exists(path)) return undefined
    return toEntry(parse(new TextDecoder().decode(fs.readFile(path)), path, whoAsks), path)
  }

  function parse(text: string, path: string, whoAsks: string): Record<string, unknown> {
    try {
      const json: unknown = JSON.parse(text)
      if (typeof json === 'object' && json !== null) return json as Record<string, unknown>
    } catch {
      // Said below, as for a text that is JSON but no object.
    }
    const error = new Error(`Invalid package config ${path}${whoAsks}.`)
    throw Object.assign(error, { code: 'ERR_INVALID_PACKAGE_CONFIG' })
  }

  /** The nearest package.json at or above a file; the path of the last one looked for when there is none. */
  function scopeOf(url: string): PackageEntry | string {
    let folder = new URL('.', url).pathname
    for (;;) {
      const path = decodeURIComponent(`${folder}package.json`)
      if (folder.endsWith('/node_modules/')) return path
      const entry = read(path)
      if (entry !== undefined || folder === '/') return entry ?? path
      folder = folder.replace(/[^/]+\/$/, '')
    }
  }

  function typeOf(url: string) {
    const scope = scopeOf(url)
    return typeof scope === 'string' ? undefined : scope[2]
  }

  return {
    ...Object.fromEntries((data.functions.modules ?? []).map((name) => [name, () => undefined])),
    ...constants('modules'),
    readPackageJSON(path: string, isModule?: boolean, base?: string, specifier?: string) {
      const from = base?.startsWith('file:') ? decodeURIComponent(new URL(base).pathname) : base
      return read(path, isModule && from ? ` while importing "${specifier}" from ${from}` : '')
    },
    getPackageScopeConfig: scopeOf,
    getPackageType: (url: string) => {
      const type = typeOf(url)
      return type === 'none' ? undefined : type
    },
    getNearestParentPackageJSONType: (path: string) => typeOf(`file://${encodeURI(path)}`) ?? 'none',
  }
}

function toEntry({ name, main, type, imports, exports }: Record<string, unknown>, path: string): PackageEntry {
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
  const json = (value: unknown) => (typeof value === 'object' && value !== null ? JSON.stringify(value) : undefined)
  const kind = type === 'module' || type === 'commonjs' ? type : 'none'
  return [text(name), text(main), kind, json(imports), json(exports) ?? text(exports), path]
}
