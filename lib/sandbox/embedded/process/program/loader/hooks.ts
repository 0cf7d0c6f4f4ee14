import type { ImportKind, Resolution, Resolver } from './resolve'
import type { Source } from './source'

/** As `module.registerHooks` takes them. */
export interface ModuleHooks {
  resolve?(specifier: string, context: ResolveContext, next: NextResolve): Resolved
  load?(url: string, context: LoadContext, next: NextLoad): Loaded
}

interface ResolveContext {
  conditions: string[]
  importAttributes: Record<string, string>
  parentURL: string | undefined
}

interface LoadContext {
  conditions: string[]
  importAttributes: Record<string, string>
  format: string | undefined
}

interface Resolved {
  url: string
  format?: string
  shortCircuit?: boolean
}

interface Loaded {
  format?: string
  source?: string | ArrayBufferView | ArrayBuffer | null
  shortCircuit?: boolean
}

type NextResolve = (specifier: string, context?: Partial<ResolveContext>) => Resolved
type NextLoad = (url: string, context?: Partial<LoadContext>) => Loaded

export interface HookChain {
  register(hooks: ModuleHooks): { deregister(): void }
  /** The resolver with the hooks before it. */
  resolver(plain: Resolver): Resolver
  /** What hooks make of a file; null when none says anything about it. */
  load(
    path: string,
    plain: () => { format: Source['format']; text: string },
  ): { format: Source['format']; text: string } | null
}

/** Hooks run in the order from the last registered to the first, then the loader's own way. */
export function createHookChain(toUrl: (path: string) => string): HookChain {
  let chain: ModuleHooks[] = []
  const formats = new Map<string, string>()

  const toResolution = ({ url }: Resolved): Resolution => {
    if (url.startsWith('node:')) return { kind: 'builtin', name: url.slice('node:'.length) }
    return { kind: 'file', path: url.startsWith('file://') ? decodeURIComponent(new URL(url).pathname) : url }
  }

  function resolve(plain: Resolver, specifier: string, importer: string, kind: ImportKind): Resolution {
    let missing: Resolution | null = null
    const last: NextResolve = (wanted, { parentURL } = {}) => {
      const from = parentURL?.startsWith('file://') ? decodeURIComponent(new URL(parentURL).pathname) : importer
      const found = plain.resolve(wanted, from, kind)
      if (found.kind === 'builtin') return { url: `node:${found.name}`, format: 'builtin' }
      if (found.kind === 'file') return { url: toUrl(found.path) }
      missing = found
      throw new NotFound()
    }
    const context = { conditions: ['node', kind], importAttributes: {}, parentURL: toUrl(importer) }
    const next = chain.reduce<NextResolve>((rest, { resolve: hook }) => {
      if (!hook) return rest
      return (wanted, changed) =>
        hook(wanted, { ...context, ...changed }, (text, more) => rest(text, { ...context, ...changed, ...more }))
    }, last)
    try {
      const resolved = next(specifier, context)
      const resolution = toResolution(resolved)
      if (resolved.format && resolution.kind === 'file') formats.set(resolution.path, resolved.format)
      return resolution
    } catch (error) {
      if (error instanceof NotFound && missing) return missing
      throw error
    }
  }

  return {
    register(hooks) {
      const own = { ...hooks }
      chain = [...chain, own]
      return {
        deregister() {
          chain = chain.filter((entry) => entry !== own)
        },
      }
    },
    resolver: (plain) => ({
      ...plain,
      resolve: (specifier, importer, kind) =>
        chain.length === 0 ? plain.resolve(specifier, importer, kind) : resolve(plain, specifier, importer, kind),
    }),
    load(path, plain) {
      const hooks = chain.filter((entry) => entry.load)
      if (hooks.length === 0) return null
      const last: NextLoad = () => {
        const { format, text } = plain()
        return { format, source: text }
      }
      const context = { conditions: ['node'], importAttributes: {}, format: formats.get(path) }
      const next = hooks.reduce<NextLoad>(
        (rest, { load: hook }) =>
          (url, changed) =>
            hook?.(url, { ...context, ...changed }, (text, more) => rest(text, { ...context, ...changed, ...more })) ??
            {},
        last,
      )
      const { format, source } = next(path.startsWith('/') ? toUrl(path) : path, context)
      return { format: toFormat(format), text: toText(source) }
    },
  }
}

class NotFound extends Error {}

function toFormat(format: string | undefined): Source['format'] {
  if (format?.startsWith('commonjs')) return 'commonjs'
  return format === 'json' ? 'json' : 'module'
}

function toText(source: Loaded['source']): string {
  if (typeof source === 'string') return source
  return source ? new TextDecoder().decode(source as ArrayBuffer) : ''
}
