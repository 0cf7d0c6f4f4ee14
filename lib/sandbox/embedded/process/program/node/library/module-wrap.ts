import { nodeError } from '../../loader/errors'
import type { ModuleRequest, ModuleText, ModuleTools } from '../../loader/vm-module'
import type { BindingContext } from '../binding/context'
import type { VmScope } from '../binding/vm-scope'

type Read = () => unknown
type Steps = (this: unknown, wrap: unknown) => unknown
type Body = Iterator<undefined> | AsyncIterator<undefined>
type Compiled = (meta: unknown, dynamicImport: unknown, define: unknown, request: unknown) => () => Body

/** What `registerModule` was told of a module. */
interface Registry {
  initializeImportMeta?: (meta: object, module: unknown) => void
  importModuleDynamically?: (specifier: string, referrer: unknown, attributes: object) => Promise<unknown>
  callbackReferrer?: unknown
}

/**
 * The modules of `node:vm`, as V8 gives them to Node: linked by hand, with live bindings, names that do not exist yet,
 * cycles and top-level await. The browser links modules by address only, so these are generators: their first step
 * makes the environment, their second runs the text.
 */
export function createModuleWrap(context: BindingContext, tools: ModuleTools) {
  const status = context.constants('module_wrap') as Record<
    'kUninstantiated' | 'kInstantiating' | 'kInstantiated' | 'kEvaluating' | 'kEvaluated' | 'kErrored',
    number
  >
  const scopeOf = (target: object) =>
    (context.internalBinding('contextify') as { scopeOf(target: object): VmScope }).scopeOf(target)
  const registryOf = (wrap: object): Registry =>
    context
      .require<{ registryOf(wrap: object): Registry | undefined }>('internal/modules/esm/utils')
      .registryOf(wrap) ?? {}

  return class ModuleWrap {
    readonly url: string
    readonly #target: object | undefined
    /** Null for a synthetic module. */
    readonly #text: ModuleText | null = null
    readonly #steps: Steps = () => undefined
    #linked: ModuleWrap[] | null = null
    /** Stand for the module's own exports from the beginning; what they read comes with its environment. */
    readonly #exports = new Map<string, Read>()
    readonly #readers = new Map<string, Read>()
    #body: Body | null = null
    #status = status.kUninstantiated
    #error: unknown
    /** Of a module that waits for itself or for what it imports. */
    #pending: Promise<void> | null = null
    #namespace: object | null = null
    #meta: object | null = null

    constructor(url: string, target: object | undefined, source: string | readonly string[], ...rest: unknown[]) {
      this.url = url
      this.#target = target
      if (typeof source === 'string') {
        const [line, column, cachedData] = rest as [number, number, Uint8Array | undefined]
        this.#text = tools.read(url, '\n'.repeat(Math.max(0, line)) + ' '.repeat(Math.max(0, column)) + source)
        if (cachedData !== undefined && new TextDecoder().decode(cachedData) !== this.#text.code)
          throw nodeError('ERR_VM_MODULE_CACHED_DATA_REJECTED', 'cachedData buffer was rejected')
        this.#compile(this.#text.code)
      } else this.#steps = rest[0] as Steps
      for (const name of this.#text?.exported ?? (source as readonly string[])) {
        this.#exports.set(name, () => this.#readers.get(name)?.())
      }
    }

    /** Finds errors of syntax; nothing runs yet. */
    #compile(code: string): Compiled {
      const placed = `${code}\n//# sourceURL=${this.url}`
      if (this.#target !== undefined) return scopeOf(this.#target).evaluate(placed) as Compiled
      // biome-ignore lint/security/noGlobalEval: running code in this realm is what the class is for
      return globalThis.eval(placed) as Compiled
    }

    getModuleRequests(): readonly ModuleRequest[] {
      return this.#text?.requests ?? []
    }
    link(modules: ArrayLike<ModuleWrap>): void {
      this.#linked = Array.from(modules)
    }
    getStatus(): number {
      return this.#status
    }
    getError(): unknown {
      return this.#error
    }
    /** Nothing is compiled ahead here: the data says which text it belongs to, and no more. */
    createCachedData(): unknown {
      return context.require<{ Buffer: { from(text: string): unknown } }>('buffer').Buffer.from(this.#text?.code ?? '')
    }

    /** Finds every name that the modules below import, and makes the environments of all. */
    instantiate(): void {
      const graph = this.#graph().filter((module) => module.#status === status.kUninstantiated)
      for (const module of graph) module.#checkImports()
      for (const module of graph) module.#makeEnvironment()
      for (const module of graph) module.#status = status.kInstantiated
    }

    /** This module and all it leads to, each once; those that others need come first. */
    #graph(seen = new Set<ModuleWrap>()): ModuleWrap[] {
      if (seen.has(this)) return []
      seen.add(this)
      return [...(this.#linked ?? []).flatMap((module) => module.#graph(seen)), this]
    }

    #checkImports(): void {
      const { requests, imported } = this.#text ?? { requests: [], imported: [] }
      const missing = requests.find((_, index) => this.#linked?.[index] === undefined)
      if (missing) {
        const message = `request for '${missing.specifier}' is not yet fulfilled`
        throw context.nodeError('ERR_VM_MODULE_LINK_FAILURE', message)
      }
      for (const { specifier, imported: name } of imported) {
        if (name === '*' || this.#requested(specifier)?.resolveExport(name)) continue
        throw new SyntaxError(`The requested module '${specifier}' does not provide an export named '${name}'`)
      }
    }

    #makeEnvironment(code = this.#text?.code): void {
      if (code === undefined) return
      this.#body = this.#compile(code)(
        () => this.#importMeta(),
        (specifier: string, options?: { with?: object }) => this.#importDynamically(specifier, options),
        (name: string, read: Read) => this.#readers.set(name, read),
        (index: number) => this.#linked?.[index]?.getNamespace(),
      ).call(undefined)
      void this.#body.next()
    }

    #requested(specifier: string): ModuleWrap | undefined {
      const index = this.#text?.requestOf.get(specifier)
      return index === undefined ? undefined : this.#linked?.[index]
    }

    /** What reads the export of this name; null when there is none, or several by `export *`. */
    resolveExport(name: string, seen = new Map<ModuleWrap, Set<string>>()): Read | null {
      const asked = seen.get(this) ?? new Set()
      if (asked.has(name)) return null
      seen.set(this, asked.add(name))
      const own = this.#exports.get(name)
      if (own) return own
      const passedOn = this.#text?.imported.find(({ exported }) => exported === name)
      if (passedOn) {
        const from = this.#requested(passedOn.specifier)
        if (passedOn.imported === '*') return () => from?.getNamespace()
        return from?.resolveExport(passedOn.imported, seen) ?? null
      }
      if (name === 'default') return null
      const found = new Set(
        (this.#text?.stars ?? []).flatMap((specifier) => this.#requested(specifier)?.resolveExport(name, seen) ?? []),
      )
      return found.size === 1 ? ([...found][0] ?? null) : null
    }

    exportNames(seen = new Set<ModuleWrap>()): string[] {
      if (seen.has(this)) return []
      seen.add(this)
      const { imported, stars } = this.#text ?? { imported: [], stars: [] }
      const starred = stars.flatMap((specifier) => this.#requested(specifier)?.exportNames(seen) ?? [])
      const own = [...this.#exports.keys(), ...imported.flatMap(({ exported }) => exported ?? [])]
      return [...new Set([...own, ...starred.filter((name) => name !== 'default')])]
    }

    getNamespace(): object {
      this.#namespace ??= tools.createView({
        names: this.exportNames().filter((name) => this.resolveExport(name)),
        read: (name) => this.resolveExport(name)?.(),
      })
      return this.#namespace
    }

    setExport(name: string, value: unknown): void {
      if (!this.#exports.has(name)) throw new ReferenceError(`Export '${name}' is not defined in module`)
      this.#readers.set(name, () => value)
    }

    /** A `timeoutMs` of -1 is none. */
    async evaluate(timeoutMs = -1): Promise<void> {
      if (timeoutMs < 0) return this.#evaluateGraph()
      return tools.runUntil(timeoutMs, () => {
        for (const module of this.#graph()) {
          const { code } = module.#text ?? {}
          if (code !== undefined && module.#status === status.kInstantiated)
            module.#makeEnvironment(tools.checkedCode(context, code))
        }
        return this.#evaluateGraph()
      })
    }

    /** At once, unless something awaits. */
    #evaluateGraph(): Promise<void> | undefined {
      if (this.#status === status.kErrored) throw this.#error
      if (this.#status !== status.kInstantiated) return this.#pending ?? undefined
      this.#status = status.kEvaluating
      try {
        const waiting = (this.#linked ?? []).flatMap((module) => module.#evaluateGraph() ?? [])
        if (waiting.length > 0 || this.#text?.isAsync) this.#pending = this.#evaluateLater(waiting)
        else if (this.#text === null) this.#steps.call(this, this)
        else void this.#body?.next()
      } catch (error) {
        this.#fail(error)
      }
      this.#status = status.kEvaluated
      return this.#pending ?? undefined
    }

    async #evaluateLater(waiting: readonly Promise<void>[]): Promise<void> {
      try {
        // What waits for nothing begins at once.
        if (waiting.length > 0) await Promise.all(waiting)
        await this.#body?.next()
      } catch (error) {
        this.#fail(error)
      }
    }

    #fail(error: unknown): never {
      this.#status = status.kErrored
      this.#error = error
      throw error
    }

    #importMeta(): object {
      if (this.#meta === null) {
        this.#meta = Object.create(null) as object
        const { initializeImportMeta, callbackReferrer } = registryOf(this)
        initializeImportMeta?.(this.#meta, callbackReferrer)
      }
      return this.#meta
    }

    async #importDynamically(specifier: string, options?: { with?: object }): Promise<unknown> {
      const { importModuleDynamically, callbackReferrer } = registryOf(this)
      if (importModuleDynamically === undefined) throw context.nodeError('ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING')
      const attributes = Object.assign(Object.create(null), options?.with) as object
      return importModuleDynamically(`${specifier}`, callbackReferrer, attributes)
    }
  }
}
