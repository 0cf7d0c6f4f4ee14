import { toFileUrl, toPath } from './file-url'
import type { Target } from './graph'
import { type Attributes, parseAttributes } from './import-rules'
import type { Source } from './source'

/** The chain of hooks that `module.register` and `--loader` make. Its answers take their time. */
export interface Customization {
  resolve(specifier: string, parentUrl: string | undefined, attributes: Attributes): Promise<Resolved>
  load(url: string, context: { format: string | null | undefined; importAttributes: Attributes }): Promise<Loaded>
  /** An error for a format that nothing runs, or a source that is none. */
  refusal(loaded: Loaded, url: string): Error | null
}

interface Resolved {
  url: string
  format?: string | null
  importAttributes?: Attributes | null
}

export interface Loaded {
  format: string
  source?: unknown
}

interface CustomizedImportsOptions {
  load(path: string): Source
  /** Makes a source out of what hooks answer, and keeps it for the path. */
  give(path: string, format: Source['format'] | 'wasm', source: string | Uint8Array): void
  remember(specifier: string, importer: string, attributes: Attributes, target: Target): void
}

export interface CustomizedImports {
  /** Asks the hooks for a module and all that it imports statically; then it can be linked without asking. */
  prepare(specifier: string, importer: string | undefined, attributes: Attributes): Promise<Target>
  /** The same for what a module that is there imports. */
  prepareImportsOf(path: string): Promise<void>
}

export function createCustomizedImports(hooks: Customization, options: CustomizedImportsOptions): CustomizedImports {
  const loading = new Map<string, Promise<Target>>()
  const resolving = new Map<string, Promise<Target[]>>()

  async function ask(specifier: string, importer: string | undefined, attributes: Attributes): Promise<Target> {
    const parentUrl = importer === undefined ? undefined : toFileUrl(importer)
    const { url, format, importAttributes } = await hooks.resolve(specifier, parentUrl, attributes)
    const asked = importAttributes ?? attributes
    const key = `${asked.type ?? ''} ${url}`
    const target = loading.get(key) ?? load(url, format, asked)
    loading.set(key, target)
    if (importer !== undefined) options.remember(specifier, importer, attributes, await target)
    return target
  }

  async function load(url: string, given: string | null | undefined, importAttributes: Attributes): Promise<Target> {
    const loaded = await hooks.load(url, { format: given, importAttributes })
    const refusal = hooks.refusal(loaded, url)
    if (refusal !== null) throw refusal
    const { format, source } = loaded
    if (format === 'builtin') return { kind: 'builtin', name: url.replace(/^node:/, '') }
    const path = pathOf(url)
    const isPlain = format === 'commonjs' && source == null
    if (!isPlain) options.give(path, format.replace('-typescript', '') as Source['format'], toContent(source))
    return { kind: 'file', path }
  }

  /** What a module imports itself; asked once. */
  function importsOf(path: string): Promise<Target[]> {
    const known = resolving.get(path)
    if (known !== undefined) return known
    const { imports, code } = options.load(path)
    const asked = imports.flatMap(({ n, d, a, se }) =>
      d === -1 && n !== undefined ? [ask(n, path, a === -1 ? {} : parseAttributes(code.slice(a, se)))] : [],
    )
    const targets = Promise.all(asked)
    resolving.set(path, targets)
    return targets
  }

  async function walk(path: string, seen: Set<string>): Promise<void> {
    if (seen.has(path)) return
    seen.add(path)
    const targets = await importsOf(path)
    await Promise.all(targets.map((target) => (isModule(target) ? walk(target.path, seen) : undefined)))
  }

  const isModule = (target: Target): target is Extract<Target, { kind: 'file' }> =>
    target.kind === 'file' && options.load(target.path).format === 'module'

  return {
    async prepare(specifier, importer, attributes) {
      const target = await ask(specifier, importer, attributes)
      if (isModule(target)) await walk(target.path, new Set())
      return target
    },
    prepareImportsOf: (path) => walk(path, new Set()),
  }
}

/** What hooks make of a builtin is another module than the builtin. */
function pathOf(url: string): string {
  if (url.startsWith('node:')) return `${url}?customized`
  if (!url.startsWith('file:')) return url
  const { search, hash } = new URL(url)
  return toPath(url) + search + hash
}

function toContent(source: unknown): string | Uint8Array {
  if (typeof source === 'string') return source
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source as ArrayBuffer)
}
