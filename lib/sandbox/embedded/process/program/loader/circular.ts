import { types } from '../node/binding/types'
import { natives } from '../node/natives'

/**
 * Warns, as Node does, when a module reads what another has not exported yet: such a program goes on with undefined.
 * The warning hangs on the prototype of the unfinished exports until the module has run.
 */
export function createCircularWarnings(warn: (message: string) => void) {
  const tell = (name: PropertyKey) =>
    warn(`Accessing non-existent property '${String(name)}' of module exports inside circular dependency`)
  const prototype: object = new natives.Proxy(
    {},
    {
      get(target, name) {
        if (name in target || name === '__esModule') return Reflect.get(target, name)
        return tell(name)
      },
      getOwnPropertyDescriptor(target, name) {
        if (Object.hasOwn(target, name) || name === '__esModule') return Reflect.getOwnPropertyDescriptor(target, name)
        tell(name)
        return undefined
      },
    },
  )
  const isPlain = (exports: unknown, parent: object): exports is object =>
    typeof exports === 'object' &&
    exports !== null &&
    !types.isProxy(exports) &&
    Object.getPrototypeOf(exports) === parent

  return {
    begin(exports: unknown) {
      if (isPlain(exports, Object.prototype) && !('__esModule' in exports)) Object.setPrototypeOf(exports, prototype)
    },
    end(exports: unknown) {
      if (isPlain(exports, prototype)) Object.setPrototypeOf(exports, Object.prototype)
    },
  }
}
