import { parse } from 'es-module-lexer/js'
import { checkedCode, runUntil } from '../node/binding/vm-deadline'
import { exportName, importName, metaName, replaceAll, rewriteDynamic } from './emit'
import { type ImportedName, type ModuleSyntax, readModule } from './module-syntax'
import { createView } from './namespace-views'
import { positionsOfEdits, registerPositions } from './positions'
import type { Source } from './source'

export interface ModuleRequest {
  specifier: string
  attributes: Record<string, string>
}

/** The text of an ES module as an expression that can be run in any scope, and what its links need. */
export interface ModuleText {
  /**
   * `(meta, import, export, request) => [async] function* ()`: up to its only `yield` it makes the module's environment,
   * with functions that exist already and other names that do not yet; then it runs the module.
   */
  code: string
  isAsync: boolean
  requests: readonly ModuleRequest[]
  /** The request of each specifier: of several with different attributes, the first. */
  requestOf: ReadonlyMap<string, number>
  exported: Iterable<string>
  imported: readonly ImportedName[]
  stars: readonly string[]
}

/** What modules of `node:vm` need of the loader; their own part is loaded with the first of them. */
export type ModuleTools = typeof moduleTools

const names = { exports: '__vm_export__', request: '__vm_request__' } as const

export const moduleTools = { read: readModuleText, createView, checkedCode, runUntil }

function readModuleText(url: string, code: string): ModuleText {
  const [imports, exports] = parse(code, url)
  const source: Source = { path: url, format: 'module', code, imports, exports }
  const syntax = parsed(source)
  const requests: ModuleRequest[] = []
  const requestOf = new Map<string, number>()
  for (const { d, n: specifier, a, se } of imports) {
    if (d !== -1 || specifier === undefined) continue
    const request = { specifier, attributes: attributesOf(a === -1 ? '' : code.slice(a, se)) }
    if (requests.some((known) => isSame(known, request))) continue
    if (!requestOf.has(specifier)) requestOf.set(specifier, requests.length)
    requests.push(request)
  }
  const objectOf = (specifier: string) => `__vm_request_${requestOf.get(specifier) ?? 0}__`
  const locals = new Map(
    syntax.imported.flatMap((name) => {
      if (name.local === null) return []
      const object = objectOf(name.specifier)
      return [[name.local, name.imported === '*' ? object : memberOf(object, name.imported)] as const]
    }),
  )
  const edits = [...syntax.rewrite((name) => locals.get(name) ?? name, true), ...rewriteDynamic(source)]
  const body = replaceAll(code, edits)
  const isAsync = awaitsAtTop(body)
  const statements = [
    '"use strict";',
    ...[...requestOf].map(([specifier, index]) => `const ${objectOf(specifier)} = ${names.request}(${index});`),
    ...[...syntax.exported].map(
      ([name, local]) => `${names.exports}(${JSON.stringify(name)}, () => ${locals.get(local) ?? local});`,
    ),
    ...[...syntax.functions]
      .filter(([own, shown]) => own !== shown)
      .map(([own, shown]) => `Object.defineProperty(${own}, "name", { value: "${shown}", configurable: true });`),
  ]
  const parameters = [metaName, importName, names.exports, names.request].join(', ')
  const head = `((${parameters}) => ${isAsync ? 'async ' : ''}function* () {${statements.join('')}yield;`
  registerPositions(url, [positionsOfEdits(code, edits, head.length)])
  return {
    code: `${head}${body}\n})`,
    isAsync,
    requests,
    requestOf,
    exported: syntax.exported.keys(),
    imported: syntax.imported,
    stars: syntax.stars,
  }
}

const isSame = (a: ModuleRequest, b: ModuleRequest) => JSON.stringify(a) === JSON.stringify(b)

function parsed(source: Source): ModuleSyntax {
  try {
    return readModule(source, '__vm_default__')
  } catch (error) {
    throw engineError(source) ?? error
  }
}

/** What the engine says of the text, without what it takes in modules only. */
function engineError({ code, imports }: Source): SyntaxError | null {
  const statements = imports.filter(({ d }) => d === -1).map(({ ss, se }) => ({ start: ss, end: se, text: '' }))
  const body = replaceAll(code, statements).replace(/^\s*export\s+(?:default\s+)?/gm, '')
  try {
    new Function(`"use strict"; async () => {${body}\n}`)
    return null
  } catch (error) {
    return error instanceof SyntaxError ? error : null
  }
}

function memberOf(object: string, name: string): string {
  const shown = exportName(name)
  return shown.startsWith('"') ? `${object}[${shown}]` : `${object}.${shown}`
}

/** Whether the module itself awaits, and not only functions in it: in a static block the engine allows no await. */
function awaitsAtTop(body: string): boolean {
  if (!/\bawait\b/.test(body)) return false
  try {
    new Function(`class Module { static {${body}\n} }`)
    return false
  } catch (error) {
    if (error instanceof SyntaxError) return true
    throw error
  }
}

/** Of `import … with { type: 'json' }`. */
function attributesOf(clause: string): Record<string, string> {
  const attributes: Record<string, string> = Object.create(null)
  for (const [, key = '', quoted = '', , value = ''] of clause.matchAll(
    /(?:([\w$]+)|(?:'|")([^'"]*)(?:'|"))\s*:\s*(['"])(.*?)\3/g,
  )) {
    attributes[key || quoted] = value
  }
  return attributes
}
