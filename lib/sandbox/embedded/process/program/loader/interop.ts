/** `module.exports` seen as an ES module, the way Babel and vitest see it. */
export type Namespace = Record<PropertyKey, unknown>

const namespaces = new WeakMap<object, Namespace>()
const isObject = (value: unknown): value is object =>
  (typeof value === 'object' && value !== null) || typeof value === 'function'

/**
 * A compiled ES module (`__esModule`) is its own namespace; of anything else `default` is the value itself and its
 * properties are names. One namespace a value, so that what a test spies on is what others see.
 */
export function namespaceOf(exports: unknown): Namespace {
  if (!isObject(exports)) return { default: exports }
  if (Reflect.get(exports, '__esModule') === true) return exports as Namespace
  const known = namespaces.get(exports)
  if (known !== undefined) return known
  const made = createNamespace(exports)
  namespaces.set(exports, made)
  return made
}

/** What an ES module loaded by the browser gives to code that expects compiled modules as well. */
export function interopOf(namespace: Namespace): Namespace {
  const inner = namespace.default
  if (!isObject(inner) || Reflect.get(inner, '__esModule') !== true) return namespace
  return createNamespace(inner, Reflect.get(inner, 'default') ?? inner)
}

function createNamespace(exports: object, fallback: unknown = exports): Namespace {
  const has = (key: PropertyKey) => key === 'default' || key in exports
  return new Proxy(Object.create(null) as Namespace, {
    get: (_, key) => (key === 'default' ? fallback : Reflect.get(exports, key)),
    has: (_, key) => has(key),
    set: (_, key, value) => Reflect.set(exports, key, value),
    ownKeys: () => [...new Set([...Reflect.ownKeys(exports).filter((key) => !isOfFunction(exports, key)), 'default'])],
    getOwnPropertyDescriptor(_, key) {
      if (!has(key)) return undefined
      if (key === 'default') return { value: fallback, enumerable: true, configurable: true, writable: true }
      const own = Object.getOwnPropertyDescriptor(exports, key)
      return own === undefined ? undefined : { ...own, configurable: true }
    },
    defineProperty: (_, key, descriptor) => Reflect.defineProperty(exports, key, descriptor),
    deleteProperty: (_, key) => Reflect.deleteProperty(exports, key),
  })
}

const isOfFunction = (exports: object, key: PropertyKey) =>
  typeof exports === 'function' && /^(length|name|prototype|arguments|caller)$/.test(String(key))
