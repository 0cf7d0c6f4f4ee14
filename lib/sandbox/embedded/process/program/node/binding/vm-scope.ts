import { helpersName } from '../../loader/lower-async'
import { languageGlobals } from '../language-globals'
import { natives } from '../natives'
import { scriptImportsName } from './script-imports'
import { deadlineName } from './vm-deadline'

/** A vm context without a realm of its own: code runs inside `with` on this proxy, so that its names are the object's. */
export interface VmScope {
  readonly proxy: object
  run(code: string): unknown
  /** The value of an expression whose names are the object's; functions in it stay in it. */
  evaluate(expression: string): unknown
}

type Sync = (read: (name: string) => unknown) => void

const unscopables = Symbol.unscopables
/** Sloppy, as scripts are; the code's completion value is the answer. */
const makeRunner = new Function(
  'scope',
  '__vitrineSync',
  '__vitrineCode',
  'with (scope) { return eval(__vitrineCode) }',
) as (scope: object, sync: Sync, code: string) => unknown

export function createVmScope(target: Record<PropertyKey, unknown>): VmScope {
  const hidden = new Set(['__vitrineCode', '__vitrineSync', deadlineName, helpersName, scriptImportsName, 'eval'])
  /** Functions that the running code declares; they become properties when it starts. */
  let declared: readonly string[] = []

  /** The same as an object: what is missing there is undefined. */
  const proxy: object = new natives.Proxy(target, {
    has: (object, key) => key in object || isLanguageGlobal(key),
    get: (object, key, receiver) => (has(object, key) ? read(object, key, receiver) : undefined),
    set: (object, key, value) => Reflect.set(object, key, value),
  })
  const has = (object: object, key: PropertyKey) => key === 'globalThis' || key in object || isLanguageGlobal(key)
  function read(object: object, key: PropertyKey, receiver: unknown): unknown {
    if (key === 'globalThis' && !Object.hasOwn(object, key)) return proxy
    if (!(key in object)) return Reflect.get(globalThis, key)
    const value: unknown = Reflect.get(object, key, receiver === proxy || receiver === scope ? object : receiver)
    // As in `context.window = context`: inside, the object is the global object.
    return value === object ? proxy : value
  }
  /** The name that is being looked up: the engine asks `has` just before it gets a name, and not before it gets a property. */
  let name: PropertyKey | null = null
  /** Its names are those of the running code; a missing one is an error. Also `this` of functions called by their name. */
  const scope: object = new natives.Proxy(target, {
    has(object, key) {
      if (typeof key === 'string' && (hidden.has(key) || (declared.includes(key) && !(key in object)))) return false
      name = key
      return true
    },
    get(object, key, receiver) {
      if (key === unscopables) return undefined
      const isName = key === name
      name = null
      if (has(object, key)) return read(object, key, receiver)
      if (isName) throw new ReferenceError(`${String(key)} is not defined`)
      return undefined
    },
    set: (object, key, value) => Reflect.set(object, key, value),
  })

  return {
    proxy,
    run(code) {
      declared = declaredFunctions(code)
      const names = declared
      const sync: Sync = (read) => {
        for (const each of names) target[each] = read(each)
      }
      // A `typeof` of a missing name must not throw, so those names answer undefined.
      const prefix = names.length === 0 ? '' : '__vitrineSync((name) => eval(name));'
      try {
        return makeRunner.call(proxy, withTypeof(scope, code), sync, prefix + code)
      } finally {
        declared = []
      }
    },
    evaluate: (expression) => makeRunner.call(proxy, withTypeof(scope, expression), () => undefined, expression),
  }
}

/** The scope for code that asks `typeof name` of names that may be missing. */
function withTypeof(scope: object, code: string): object {
  const asked = new Set([...code.matchAll(/\btypeof\s+\(?\s*([\w$]+)/g)].map(([, name]) => name))
  if (asked.size === 0) return scope
  return new natives.Proxy(scope, {
    has: (object, key) => Reflect.has(object, key),
    get(object, key) {
      if (typeof key !== 'string' || !asked.has(key)) return Reflect.get(object, key)
      try {
        return Reflect.get(object, key)
      } catch (error) {
        if (error instanceof ReferenceError) return undefined
        throw error
      }
    },
  })
}

/** The functions that a script declares at its top, told by the engine: it makes them before the body's first statement. */
function declaredFunctions(code: string): string[] {
  const named = code.matchAll(/(?:^|[;}\n])\s*(?:async\s+)?function\s*\*?\s*([\w$]+)\s*\(/g)
  const names = [...new Set([...named].map(([, name = '']) => name))]
  if (names.length === 0) return []
  const values = names.map((name) => `() => ${name}`).join(', ')
  try {
    // The parameters hide globals of these names from what is only declared further in.
    const compile = new Function(...names, `return function () { return [${values}];\n${code}\n}`) as () => () => Reads
    const read = compile()()
    return names.filter((_, index) => isDeclared(read[index]))
  } catch (error) {
    if (error instanceof SyntaxError) return []
    throw error
  }
}

type Reads = (() => unknown)[]

function isDeclared(read: (() => unknown) | undefined): boolean {
  try {
    return typeof read?.() === 'function'
  } catch (error) {
    // A `let` or `class` of the name has not been reached.
    if (error instanceof ReferenceError) return false
    throw error
  }
}

const isLanguageGlobal = (key: PropertyKey) => typeof key === 'string' && languageGlobals.has(key)
