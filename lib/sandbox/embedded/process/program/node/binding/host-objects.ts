import type { BindingContext } from './context'

/** On the prototype of what is C++ in Node: without a kind it can be neither cloned nor transferred. */
export const isNative = Symbol('native')

/** How objects of a binding go into messages. What the functions answer is cloned; it may hold such objects again. */
interface HostKind {
  /** The binding that makes them and the name of their class, as `blob:Blob`. */
  name: string
  Class: { prototype: object }
  clone?(value: object): unknown
  transfer?(value: object): unknown
  restore(data: never): object
}

interface HostObjects {
  register(kind: HostKind): void
  kindOf(value: object): HostKind | undefined
  restore(name: string, data: unknown): object
}

function createHostObjects(context: BindingContext): HostObjects {
  const byPrototype = new Map<unknown, HostKind>()
  const byName = new Map<string, HostKind>()
  return {
    register(kind) {
      byPrototype.set(kind.Class.prototype, kind)
      byName.set(kind.name, kind)
    },
    kindOf(value) {
      if (byPrototype.size === 0) return undefined
      for (let at = Object.getPrototypeOf(value); at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
        const kind = byPrototype.get(at)
        if (kind) return kind
      }
      return undefined
    },
    restore(name, data) {
      // The other side may have used what this one has not needed yet.
      if (!byName.has(name)) context.internalBinding(name.slice(0, name.indexOf(':')))
      const kind = byName.get(name)
      if (!kind) throw new Error(`Unknown deserialize spec ${name}`)
      return kind.restore(data as never)
    },
  }
}

const made = new WeakMap<BindingContext, HostObjects>()

export function hostObjectsOf(context: BindingContext): HostObjects {
  const known = made.get(context)
  if (known) return known
  const hosts = createHostObjects(context)
  made.set(context, hosts)
  return hosts
}
