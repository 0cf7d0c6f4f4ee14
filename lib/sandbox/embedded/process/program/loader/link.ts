import { natives } from '../node/natives'
import { mergeCycle } from './cycle'
import {
  dynamicHelpers,
  facadeOf,
  liveFacadeOf,
  type Replacement,
  replaceAll,
  rewriteDynamic,
  rewriteStatic,
  usesDynamic,
} from './emit'
import { errorAt, placeAt } from './errors'
import { findComponents, type GraphNode, isCyclic, type Target } from './graph'
import type { PackageScope } from './package-scope'
import { positionsOfEdits, registerPositions } from './positions'
import { nameScript } from './script-names'
import { findSyntaxProblem, type Parser, type Source, type Sources } from './source'
import { registerMergedLines } from './stack'

export interface LinkerOptions {
  /** Expression that reaches the loader's registry from inside a module. */
  registry: string
  sources: Sources
  resolve(specifier: string, importer: Source, index: number): Target
  namesOfCommonJs(path: string): Set<string>
  builtin(name: string): unknown
  scopeOf(path: string): PackageScope | null
  /** Whether `require` has run an ES module, so that it must not run again. */
  isRequired(path: string): boolean
  /** Finds the place of syntax errors. */
  parser?: Parser
  /** Whether code at hand may `require` what was imported. */
  hasRequire(): boolean
  /** Counts an import as work from its start until its modules begin to run. */
  hold(): () => void
}

export interface Linker {
  import(target: Target): Promise<unknown>
  /** Called from inside, when the modules of an import are linked and begin to run. */
  started(id: number): void
  /** Builtins that the entry reaches by static imports, found without running anything. */
  builtinsOf(path: string): Set<string>
  /** An ES module and those that it imports statically. */
  modulesOf(path: string): Iterable<string>
  /** Of an ES module that has run. */
  namespaceOf(path: string): object | undefined
  /** Called from inside with namespaces of modules that have run. */
  ran(namespaces: Record<string, object>): void
  /** Whether an ES module that has not run yet imports, by others or itself, a CommonJS file. */
  waitsFor(path: string, file: string): boolean
  dispose(): void
}

/**
 * Turns a graph of files into blob modules, dependencies first, and leaves linking and evaluation to the browser:
 * live bindings, hoisting, top-level await and missing exports are then exactly those of the language.
 */
export function createLinker(options: LinkerOptions): Linker {
  const urls = new Map<string, string>()
  const nodes = new Map<string, GraphNode>()
  const input = {
    load: options.sources.load,
    resolve: options.resolve,
    isLinked: (path: string) => urls.has(path),
    isModule: (path: string) => !options.isRequired(path) && options.sources.load(path).format === 'module',
  }
  const namespaces = new Map<string, object>()
  /** ES modules of the browser's own whose namespaces nobody has been told of; with their places in the order. */
  const untold = new Map<string, { node: GraphNode; url: string }>()
  const awaiting = new Set<string>()

  function publish(key: string, code: string, sourceUrl = key): string {
    const blob = new natives.Blob([code, `\n//# sourceURL=${sourceUrl}`], { type: 'text/javascript' })
    const url = natives.createObjectURL(blob)
    nameScript(url, sourceUrl)
    urls.set(key, url)
    return url
  }

  function urlOf(target: Target): string {
    if (target.kind === 'builtin') {
      const key = `node:${target.name}`
      return urls.get(key) ?? publish(key, builtinFacade(target.name))
    }
    return urls.get(target.path) ?? linkFile(target.path)
  }

  function builtinFacade(name: string): string {
    const module = options.builtin(name)
    const names = new Set(Object.keys(Object(module)))
    const hasOwnDefault = names.has('default')
    return liveFacadeOf(`${options.registry}.builtin(${JSON.stringify(name)})`, names, {
      hasOwnDefault,
      follow: `${options.registry}.onSync`,
    })
  }

  /** An ES module that `require` has run: its exports, which stay live. */
  function facadeOfRequired(path: string): string {
    const names = namesOf({ kind: 'file', path }, new Set())
    return liveFacadeOf(`${options.registry}.required(${JSON.stringify(path)})`, names, {
      hasOwnDefault: true,
      follow: `${options.registry}.onAssign`,
    })
  }

  function linkFile(path: string): string {
    const source = options.sources.load(path)
    // One that has no file for itself is no module of `require` either.
    if (source.format === 'json' && (!path.startsWith('/') || /[?#]/.test(path)))
      return publish(path, `export default ${JSON.stringify(JSON.parse(source.code))}`)
    const call = `${options.registry}.require(${JSON.stringify(path)})`
    if (source.format === 'json') return publish(path, `export default ${call}`)
    if (source.format === 'commonjs')
      return publish(path, facadeOf(call, options.namesOfCommonJs(path)), `${path}?facade`)
    if (options.isRequired(path)) return publish(path, facadeOfRequired(path), `${path}?facade`)
    return linkModule(path)
  }

  function linkModule(path: string): string {
    const components = findComponents(path, input)
    untold.clear()
    for (const component of components) {
      for (const node of component) nodes.set(node.source.path, node)
      const [first] = component
      if (isCyclic(component)) linkCycle(component)
      else if (first !== undefined) publish(first.source.path, emit(first))
      for (const node of component) {
        if (awaits(node)) awaiting.add(node.source.path)
        else untold.set(node.source.path, { node, url: urls.get(node.source.path) ?? '' })
      }
    }
    const url = urls.get(path)
    if (url === undefined) throw new Error(`Not linked: ${path}`)
    return url
  }

  /** Whether a module may still be waiting when those after it run. */
  const awaits = ({ source, modules }: GraphNode) =>
    awaitOfModule.test(source.code) || modules.some((path) => awaiting.has(path))

  function targetOf(node: GraphNode, specifier: string): Target {
    const target = node.targets.get(specifier)
    if (target === undefined) throw new Error(`No target for "${specifier}" in ${node.source.path}`)
    return target
  }

  function emit(node: GraphNode): string {
    const { source } = node
    const edits = [
      ...rewriteStatic(source, (specifier) => urlOf(targetOf(node, specifier))),
      ...rewriteDynamic(source),
      ...tellings(node),
    ]
    const code = replaceAll(source.code, edits)
    registerPositions(source.path, [
      positionsOfEdits(source.code, edits, 0),
      ...options.sources.positionsOf(source.path),
    ])
    return usesDynamic(source) ? code + dynamicHelpers(source.path, options.registry) : code
  }

  /** Before a CommonJS file runs, and before code that may make a `require`, the namespaces it may ask for are told. */
  function tellings({ source, targets, order }: GraphNode): Replacement[] {
    const edits: Replacement[] = []
    let ran = order.begins
    let mayRequire = false
    const tell = (index: number, before: number) => {
      const ready = [...untold].filter(([, { node }]) => node.order.runs < before)
      if (ready.length === 0) return
      for (const [path] of ready) untold.delete(path)
      const url = publishTelling(ready.map(([path, entry]) => [path, entry.url]))
      edits.push({ start: index, end: index, text: `${index === source.code.length ? '\n' : ''}import "${url}";` })
    }
    for (const { n: specifier, d, ss } of source.imports) {
      const target = d === -1 && specifier !== undefined ? targets.get(specifier) : undefined
      if (target === undefined) continue
      if (target.kind === 'builtin') {
        mayRequire ||= target.name === 'module'
      } else if (input.isModule(target.path)) ran = Math.max(ran, (nodes.get(target.path)?.order.runs ?? -1) + 1)
      else if (options.sources.load(target.path).format === 'commonjs') tell(ss, ran)
    }
    if (mayRequire) tell(source.code.length, order.runs)
    return edits
  }

  /** A module that hands the namespaces of others to the registry. */
  function publishTelling(modules: readonly (readonly [path: string, url: string])[]): string {
    const imports = modules.map(([, url], index) => `import * as m${index} from "${url}"`)
    const entries = modules.map(([path], index) => `${JSON.stringify(path)}: m${index}`)
    const code = `${imports.join('; ')}; ${options.registry}.ran({ ${entries.join(', ')} })`
    return publish(`told?facade=${urls.size}`, code)
  }

  /** What later calls of `require` may ask for. */
  async function tellRest(target: Target, namespace: unknown) {
    if (target.kind === 'builtin') return
    namespaces.set(target.path, namespace as object)
    if (!options.hasRequire()) return
    const rest = [...modulesOf(target.path, new Set())].filter((path) => !namespaces.has(path))
    if (rest.length === 0) return
    const url = publishTelling(rest.map((path) => [path, urls.get(path) ?? '']))
    await import(/* webpackIgnore: true */ /* @vite-ignore */ url).finally(options.hold())
  }

  const nodesOf = (path: string) => [...modulesOf(path, new Set())].flatMap((module) => nodes.get(module) ?? [])

  /** An ES module and those that it imports, by others or itself. */
  function modulesOf(path: string, seen: Set<string>): Set<string> {
    const node = nodes.get(path)
    if (node === undefined || seen.has(path)) return seen
    seen.add(path)
    for (const next of node.modules) modulesOf(next, seen)
    return seen
  }

  function linkCycle(component: GraphNode[]) {
    const merged = mergeCycle(component, {
      registry: options.registry,
      urlOf,
      namesOf: (target) => namesOf(target, new Set()),
    })
    const key = `${component[0]?.source.path ?? ''}?cycle=${urls.size}`
    registerMergedLines(key, merged.lines)
    for (const { source } of component) registerPositions(source.path, options.sources.positionsOf(source.path))
    const url = publish(key, merged.code)
    for (const [path, facade] of merged.facades) publish(path, facade(url), `${path}?facade`)
  }

  /** All export names of a module; for `export *` through a cycle. */
  function namesOf(target: Target, seen: Set<string>): Set<string> {
    if (target.kind === 'builtin') return new Set([...Object.keys(Object(options.builtin(target.name))), 'default'])
    if (seen.has(target.path)) return new Set()
    seen.add(target.path)
    const source = options.sources.load(target.path)
    if (source.format === 'json') return new Set(['default'])
    if (source.format === 'commonjs') return new Set([...options.namesOfCommonJs(target.path), 'default'])
    const names = new Set(source.exports.map(({ n }) => n))
    for (const statement of source.imports) {
      if (statement.d !== -1 || statement.n === undefined) continue
      if (!/^export\s*\*\s*from\b/.test(source.code.slice(statement.ss, statement.s))) continue
      const next = options.resolve(statement.n, source, statement.s)
      for (const name of namesOf(next, seen)) if (name !== 'default') names.add(name)
    }
    return names
  }

  /** The browser's link errors name blob URLs and no line; people need the file and the import. */
  function explain(error: unknown, target: Target): unknown {
    if (!(error instanceof SyntaxError) || /\n\s+at \//.test(error.stack ?? '')) return error
    const missing =
      /The requested module '(.+?)' (does not provide an export named|contains conflicting star exports for name) '(.+?)'/
    const found = missing.exec(error.message)
    const inGraph = target.kind === 'file' ? nodesOf(target.path) : []
    if (found !== null) return explainMissingExport(error, { url: found[1] ?? '', name: found[3] ?? '', inGraph })
    for (const { source } of nodes.values()) {
      const parser = (code: string) => options.parser?.(code, 'module') ?? null
      const problem = findSyntaxProblem(source.path, source.code, parser)
      if (problem !== null) return errorAt(error, problem.place)
    }
    return error
  }

  interface MissingExport {
    url: string
    name: string
    /** Where it may have been asked for. */
    inGraph: readonly GraphNode[]
  }

  function explainMissingExport(error: SyntaxError, { url, name, inGraph }: MissingExport): Error {
    const path = [...urls].find(([, value]) => value === url)?.[0] ?? url
    for (const { source, targets } of inGraph) {
      for (const { n, d, s, ss, se } of source.imports) {
        const target = n === undefined || d !== -1 ? undefined : targets.get(n)
        if (target === undefined || (target.kind === 'file' ? target.path : `node:${target.name}`) !== path) continue
        const at = source.code.slice(ss, s).search(new RegExp(`(?<![\\w$])${name.replace(/\$/g, '\\$')}(?![\\w$])`))
        const isDefault = name === 'default' && /^import\s+[\w$]/.test(source.code.slice(ss, se))
        if (at === -1 && !isDefault) continue
        error.message =
          target.kind === 'file' && options.sources.load(target.path).format === 'commonjs'
            ? commonJsMessage(n ?? path, name, source.code.slice(ss, se))
            : error.message.replace(url, n ?? path)
        return errorAt(error, placeAt(source.path, source.code, isDefault ? ss + 'import '.length : ss + at))
      }
    }
    error.message = error.message.replace(url, path)
    return errorAt(error, null)
  }

  /** The names of CommonJS are not there for ES modules. */
  function explainScope(error: ReferenceError, path: string) {
    const name = /^(require|exports|module|__filename|__dirname) is not defined$/.exec(error.message)?.[1]
    if (name === undefined) return
    const { message, stack = '' } = error
    const scope = /\.js(?:[?#].*)?$/.test(path) ? options.scopeOf(path.replace(/[?#].*$/, '')) : null
    error.message += ` in ES module scope${name === 'require' ? ', you can use import instead' : ''}`
    if (scope?.json.type === 'module')
      error.message += `\nThis file is being treated as an ES module because it has a '.js' file extension and '${scope.folder}/package.json' contains "type": "module". To treat it as a CommonJS script, rename it to use the '.cjs' file extension.`
    Object.defineProperty(error, 'stack', {
      value: stack.replace(message, error.message),
      configurable: true,
      writable: true,
    })
  }

  const starting = new Map<number, () => void>()
  const imported = new Set<string>()

  /** Modules run after their dependencies, so the signal, imported first, runs when all are fetched and linked. */
  async function importUrl(url: string): Promise<unknown> {
    if (imported.has(url)) return import(/* webpackIgnore: true */ /* @vite-ignore */ url)
    const id = starting.size
    starting.set(id, options.hold())
    const toUrl = (code: string) => natives.createObjectURL(new natives.Blob([code], { type: 'text/javascript' }))
    const signal = toUrl(`${options.registry}.started(${id})`)
    const entry = toUrl(`import "${signal}"; import "${url}"`)
    try {
      await import(/* webpackIgnore: true */ /* @vite-ignore */ entry)
    } finally {
      starting.get(id)?.()
      natives.revokeObjectURL(signal)
      natives.revokeObjectURL(entry)
    }
    imported.add(url)
    const release = options.hold()
    return import(/* webpackIgnore: true */ /* @vite-ignore */ url).finally(release)
  }

  function waitsFor(path: string, file: string): boolean {
    if (namespaces.has(path) || !nodes.has(path)) return false
    if (path === file) return true
    return [...modulesOf(path, new Set())].some((module) =>
      [...(nodes.get(module)?.targets.values() ?? [])].some((target) => target.kind === 'file' && target.path === file),
    )
  }

  return {
    // What awaits is not for `require`, also when it has run.
    namespaceOf: (path) => (awaiting.has(path) ? undefined : namespaces.get(path)),
    modulesOf: (path) => modulesOf(path, new Set()),
    ran(told) {
      for (const [path, namespace] of Object.entries(told)) namespaces.set(path, namespace)
    },
    waitsFor,
    started: (id) => starting.get(id)?.(),
    async import(target) {
      const url = urlOf(target)
      try {
        const namespace = await importUrl(url)
        await tellRest(target, namespace)
        return namespace
      } catch (error) {
        if (error instanceof ReferenceError && target.kind === 'file') explainScope(error, target.path)
        throw explain(error, target)
      }
    },
    builtinsOf(path) {
      const found = new Set<string>()
      if (options.sources.load(path).format !== 'module') return found
      for (const node of findComponents(path, { ...input, isLinked: () => false }).flat()) {
        for (const target of node.targets.values()) if (target.kind === 'builtin') found.add(target.name)
      }
      return found
    },
    dispose() {
      for (const url of urls.values()) natives.revokeObjectURL(url)
      urls.clear()
      nodes.clear()
    },
  }
}

/** An `await` outside of functions, as far as a line tells: one that is not indented, without `async` before it. */
const awaitOfModule = /^(?=\S)(?!\/\/|\/?\*)(?:(?!\basync\b).)*?\bawait\b/m

function commonJsMessage(specifier: string, name: string, statement: string): string {
  const names = /\{.*\}/.exec(statement)?.[0].replace(/\s+as\s+/g, ': ')
  return `Named export '${name}' not found. The requested module '${specifier}' is a CommonJS module, which may not support all module.exports as named exports.
CommonJS modules can always be imported via the default export, for example using:

import pkg from '${specifier}';
${names === undefined ? '' : `const ${names} = pkg;\n`}`
}
