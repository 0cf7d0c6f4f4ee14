import { errorAt, moduleNotFound, type SourcePlace } from './errors'
import { toFileUrl, toPath } from './file-url'
import type { Target } from './graph'
import type { Resolution, Resolver } from './resolve'

export type Attributes = Readonly<Record<string, string>>

/**
 * Node's own rules for ES modules. They say exactly what Node says, and cost a part of its library that is loaded on
 * first use: they are asked only where something is amiss.
 */
export interface ModuleRules {
  /** The URL that Node finds; throws Node's error. */
  resolve(specifier: string, importerUrl: string): string
  /** Throws for files that Node does not know how to run. */
  checkFormat(url: string): void
  /** Throws where the attributes of an import do not fit what it gives. */
  checkAttributes(url: string, format: string, attributes: Attributes): void
}

export interface ImportRequest {
  specifier: string
  importer: string
  attributes: Attributes
  /** Of the import in the importer's file. */
  place(): SourcePlace | null
}

interface ImportRulesOptions {
  resolver: Resolver
  formatOf(path: string): string
  /** Null where there is nothing to load them from. */
  rules(): ModuleRules | null
}

const runnable = /\.(?:[cm]?[jt]s|[jt]sx|json|wasm|node)$/
/** By its name alone. */
export const isRunnable = (path: string) => runnable.test(path) || !/\.[^/]*$/.test(path)

/** What an import leads to. Throws what Node throws, with the user's line as its place. */
export function createImportRules({
  resolver,
  formatOf,
  rules,
}: ImportRulesOptions): (request: ImportRequest) => Target {
  function byNode(request: ImportRequest, missing: Extract<Resolution, { kind: 'missing' }>): Resolution {
    const { specifier, importer, place } = request
    const judge = rules()
    if (judge === null) throw moduleNotFound({ ...missing, specifier, importer, kind: 'import', place: place() })
    try {
      return toResolution(judge.resolve(specifier, toFileUrl(importer)))
    } catch (error) {
      throw withPlace(error, missing.hint, place())
    }
  }

  function resolve(request: ImportRequest): Resolution {
    const { specifier, importer } = request
    try {
      return resolver.resolve(specifier, importer, 'import')
    } catch (error) {
      if (!(error instanceof Error) || codeOf(error) !== 'ERR_INVALID_PACKAGE_CONFIG') throw error
      // Node says who asked for the package.
      byNode(request, { kind: 'missing', looked: specifier, hint: null })
      throw error
    }
  }

  /** What is found is taken as it is where nobody asks for more. */
  function check({ importer, attributes, place }: ImportRequest, path: string) {
    const isStrict = resolver.isStrict(importer)
    const isJson = path.startsWith('data:') ? undefined : path.endsWith('.json')
    const isPlain = Object.keys(attributes).length === 0
    const isUsual = isPlain ? !isJson || !isStrict : isJson && attributes.type === 'json'
    const isKnown = !isStrict || path.startsWith('data:') || isRunnable(path)
    if (isUsual && isKnown && (isJson !== undefined || isPlain)) return
    const judge = rules()
    if (judge === null) return
    try {
      if (!isKnown) judge.checkFormat(toFileUrl(path))
      judge.checkAttributes(toFileUrl(path), formatOf(path), attributes)
    } catch (error) {
      throw withPlace(error, null, place())
    }
  }

  return (request) => {
    const first = resolve(request)
    const found = first.kind === 'missing' ? byNode(request, first) : first
    if (found.kind !== 'file') return found as Target
    const path = found.path + (found.query ?? '')
    check(request, found.path)
    return { kind: 'file', path }
  }
}

function toResolution(url: string): Resolution {
  if (url.startsWith('node:')) return { kind: 'builtin', name: url.slice('node:'.length) }
  const query = /^file:[^?#]*([?#].*)$/s.exec(url)?.[1]
  return { kind: 'file', path: toPath(url), ...(query && { query }) }
}

/** Node's error shows where in the user's file it comes from; our hint follows where Node has none. */
function withPlace(error: unknown, hint: string | null, place: SourcePlace | null): unknown {
  if (!(error instanceof Error)) return error
  if (hint !== null && /NOT_FOUND|DIR_IMPORT/.test(codeOf(error)) && !/\nDid you mean/.test(error.message))
    error.message += `\n${hint}`
  const shown = errorAt(error, place)
  if (codeOf(error) === '') return shown
  const stack = String(error.stack).replace(`${error.name}: `, `${error.name} [${codeOf(error)}]: `)
  return Object.defineProperty(shown, 'stack', { value: stack })
}

const codeOf = (error: Error): string => String(Reflect.get(error, 'code') ?? '')

/** The attributes in `with { type: 'json' }`, as written after an import. */
export function parseAttributes(text: string): Attributes {
  const pairs = text.matchAll(/(?:([\w$]+)|(["'])(.*?)\2)\s*:\s*(["'])(.*?)\4/g)
  return Object.fromEntries([...pairs].map(([, name, , quoted, , value]) => [name ?? quoted ?? '', value ?? '']))
}
