/** `assert.deepStrictEqual` and `util.isDeepStrictEqual`; loose compares primitives with `==` and ignores prototypes. */
export function isDeepEqual(a: unknown, b: unknown, strict: boolean, seen: [object, object][] = []): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    // biome-ignore lint/suspicious/noDoubleEquals: the loose comparison is the contract
    return !strict && typeof a !== 'function' && typeof b !== 'function' && a == b
  }
  if (strict && Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false
  if (Object.prototype.toString.call(a) !== Object.prototype.toString.call(b)) return false
  if (seen.some(([left, right]) => left === a && right === b)) return true
  const inner = (left: unknown, right: unknown) => isDeepEqual(left, right, strict, [...seen, [a, b]])
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime()
  if (a instanceof RegExp && b instanceof RegExp) return String(a) === String(b) && a.lastIndex === b.lastIndex
  if (a instanceof Error && b instanceof Error && (a.message !== b.message || a.name !== b.name)) return false
  if (Array.isArray(a) && Array.isArray(b) && a.length !== b.length) return false
  if (a instanceof Map && b instanceof Map) return sameMap(a, b, inner)
  if (a instanceof Set && b instanceof Set) return sameSet(a, b, inner)
  if (isBoxed(a) && isBoxed(b) && !Object.is(a.valueOf(), b.valueOf())) return false
  if (a instanceof Promise || a instanceof WeakMap || a instanceof WeakSet) return false
  const keys = keysOf(a, strict)
  const others = keysOf(b, strict)
  return (
    keys.length === others.length &&
    keys.every((key) => others.includes(key) && inner(Reflect.get(a, key), Reflect.get(b, key)))
  )
}

const isBoxed = (value: object) => value instanceof Number || value instanceof String || value instanceof Boolean

function keysOf(value: object, strict: boolean): (string | symbol)[] {
  const symbols = strict ? Object.getOwnPropertySymbols(value) : []
  return [...Object.keys(value), ...symbols.filter((key) => Object.prototype.propertyIsEnumerable.call(value, key))]
}

type Same = (left: unknown, right: unknown) => boolean

function sameMap(a: Map<unknown, unknown>, b: Map<unknown, unknown>, same: Same): boolean {
  if (a.size !== b.size) return false
  return [...a].every(([key, value]) =>
    b.has(key) ? same(value, b.get(key)) : [...b].some(([other, item]) => same(key, other) && same(value, item)),
  )
}

function sameSet(a: Set<unknown>, b: Set<unknown>, same: Same): boolean {
  return a.size === b.size && [...a].every((value) => b.has(value) || [...b].some((other) => same(value, other)))
}
