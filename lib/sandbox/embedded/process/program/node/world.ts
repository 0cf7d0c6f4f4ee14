import { languageGlobals } from './language-globals'

/** What programs that run one after the other in a Worker share: the global object and the language's own objects. */
export interface World {
  /** Puts everything back as it was. False when something cannot be put back: no other program may run here then. */
  restore(): boolean
}

// A program may replace all of these.
const { ownKeys, getOwnPropertyDescriptor, defineProperty, deleteProperty, getPrototypeOf, setPrototypeOf } = Reflect
const { isExtensible } = Reflect
const { is, hasOwn, create } = Object

interface Remembered {
  object: object
  prototype: object | null
  isExtensible: boolean
  keys: PropertyKey[]
  /** By key; without a prototype. */
  descriptors: Record<PropertyKey, PropertyDescriptor>
}

/** The language's own objects are the same for all programs of a Worker. */
let language: Remembered[] | undefined

/**
 * Remembers the world as it is before the program's first line. Of the objects that Node's library has put on the global
 * object only the names count: the next program gets a library of its own. `more`: objects that stay, and lead on to others.
 */
export function rememberWorld(more: readonly object[] = []): World {
  language ??= rememberLanguage(more)
  const world = [...language]
  let owner: object | null = globalThis
  while (owner !== null && owner !== Object.prototype) {
    world.push(remember(owner))
    owner = getPrototypeOf(owner)
  }
  return {
    restore() {
      for (let index = 0; index < world.length; index++) {
        if (!restore(world[index] as Remembered)) return false
      }
      forgetMatch()
      return true
    },
  }
}

/** What the last match left on `RegExp`. */
const forgetMatch = () => /(?:)/.test('')

/** All that can be reached from its names and its syntax, and from `more`. */
function rememberLanguage(more: readonly object[]): Remembered[] {
  // First, since the others are read through it.
  const objects: object[] = [Object.prototype]
  const seen = new Set<unknown>([...objects, globalThis])
  const add = (value: unknown) => {
    const isObject = typeof value === 'function' || (typeof value === 'object' && value !== null)
    if (!isObject || seen.has(value)) return
    seen.add(value)
    objects.push(value)
  }
  for (const name of languageGlobals) if (name !== 'console') add(Reflect.get(globalThis, name))
  for (const value of valuesOfSyntax()) add(getPrototypeOf(value))
  for (const value of more) add(value)
  const found: Remembered[] = []
  for (let index = 0; index < objects.length; index++) {
    const remembered = remember(objects[index] ?? {})
    found.push(remembered)
    add(remembered.prototype)
    for (const key of remembered.keys) {
      const { value, get, set } = remembered.descriptors[key] ?? {}
      add(value)
      add(get)
      add(set)
    }
  }
  return found
}

/** Their prototypes have no names. */
function valuesOfSyntax(): object[] {
  const iterators = [[], new Map(), new Set(), ''].map((value) => value[Symbol.iterator]())
  const functions = [function* () {}, async () => {}, async function* () {}]
  return [...functions, ...iterators, 'a'.matchAll(/a/g), ...iteratorHelpers()]
}

/** Where the engine has them (ECMAScript 2025). */
function iteratorHelpers(): object[] {
  const { Iterator } = globalThis as {
    Iterator?: { from(value: object): Iterator<unknown> & { map?(fn: () => void): object } }
  }
  const wrapped = Iterator?.from({ next: () => ({ done: true }) })
  return [wrapped, wrapped?.map?.(() => undefined)].filter((value) => value !== undefined)
}

function remember(object: object): Remembered {
  const keys = ownKeys(object)
  const descriptors = create(null) as Remembered['descriptors']
  for (const key of keys) descriptors[key] = getOwnPropertyDescriptor(object, key) ?? {}
  return { object, prototype: getPrototypeOf(object), isExtensible: isExtensible(object), keys, descriptors }
}

/** Without iterators and methods, which may be the program's. */
function restore({ object, prototype, isExtensible: wasExtensible, keys, descriptors }: Remembered): boolean {
  if (isExtensible(object) !== wasExtensible) return false
  if (getPrototypeOf(object) !== prototype && !setPrototypeOf(object, prototype)) return false
  const present = ownKeys(object)
  let count = 0
  for (let index = 0; index < present.length; index++) {
    const key = present[index] as PropertyKey
    if (key === keys[count]) count++
    // One that was removed and came back would show by its place.
    else if (hasOwn(descriptors, key) || !deleteProperty(object, key)) return false
  }
  if (count < keys.length) return false
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index] as PropertyKey
    const before = descriptors[key] as PropertyDescriptor
    const now = getOwnPropertyDescriptor(object, key) as PropertyDescriptor
    if (!isSame(now, before) && !defineProperty(object, key, before)) return false
  }
  return true
}

const isSame = (one: PropertyDescriptor, other: PropertyDescriptor) =>
  is(one.value, other.value) &&
  one.get === other.get &&
  one.set === other.set &&
  one.writable === other.writable &&
  one.enumerable === other.enumerable &&
  one.configurable === other.configurable
