import { namespaces } from '../node/binding/types'
import { natives } from '../node/natives'

/** The name under which an ES module says what `require` of it gives. */
const ownExports = 'module.exports'

interface ViewOptions {
  names: Iterable<string>
  read(name: string): unknown
  /** Has no place among the names, or stands there. */
  hiddenMarker?: boolean
}

/** An object that looks as a module's namespace does; what it shows is read when it is looked at. */
export function createView({ names, read, hiddenMarker = false }: ViewOptions): object {
  const target = Object.create(null) as Record<PropertyKey, unknown>
  for (const name of [...names].sort()) target[name] = undefined
  const isExport = (key: PropertyKey): key is string => typeof key === 'string' && Object.hasOwn(target, key)
  Object.defineProperty(target, Symbol.toStringTag, { value: 'Module' })
  const view = new natives.Proxy(target, {
    get: (own, key) => {
      if (hiddenMarker && key === '__esModule') return true
      return isExport(key) ? read(key) : Reflect.get(own, key)
    },
    getOwnPropertyDescriptor: (own, key) =>
      isExport(key)
        ? { value: read(key), writable: true, enumerable: true, configurable: true }
        : Reflect.getOwnPropertyDescriptor(own, key),
    set: () => false,
    defineProperty: () => false,
    deleteProperty: (_own, key) => !isExport(key),
  })
  namespaces.add(view)
  return view
}

/** A module's namespace over the exports of a module that was compiled for `require`; they stay live. */
export const namespaceOver = (exports: object) =>
  createView({ names: Object.keys(exports), read: (name) => Reflect.get(exports, name) })

/** What `require` of an ES module gives, by Node's rules: https://nodejs.org/api/modules.html#loading-ecmascript-modules-using-require */
export function requiredViewOf(namespace: object): unknown {
  if (Object.hasOwn(namespace, ownExports)) return Reflect.get(namespace, ownExports)
  if (!Object.hasOwn(namespace, 'default') || Object.hasOwn(namespace, '__esModule')) return namespace
  return createView({
    names: [...Object.keys(namespace), '__esModule'],
    read: (name) => (name === '__esModule' ? true : Reflect.get(namespace, name)),
  })
}

/** What code compiled for `require` imports from: the marker says that `default` is the default. */
export const importedView = (names: Iterable<string>, read: (name: string) => unknown) =>
  createView({ names, read, hiddenMarker: true })
