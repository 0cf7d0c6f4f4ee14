import { createMockInstance, isMockFunction } from '@vitest/spy'

type Keyed = Record<PropertyKey, unknown>

/**
 * A copy of a module in which every function is a mock: `automock` answers undefined, `spy` still runs the original.
 * Arrays come out empty, primitives as they are; cycles and shared objects stay shared.
 */
export function automock(module: object, kind: 'automock' | 'spy'): Keyed {
  const seen = new Map<unknown, unknown>()
  return copyInto({}, module, kind, seen)
}

function copyInto(target: Keyed, source: object, kind: 'automock' | 'spy', seen: Map<unknown, unknown>): Keyed {
  seen.set(source, target)
  for (const key of membersOf(source)) {
    const descriptor = Object.getOwnPropertyDescriptor(source, key)
    const isAccessor = descriptor?.get !== undefined && Reflect.get(source, Symbol.toStringTag) !== 'Module'
    if (isAccessor && kind === 'automock' && !isExportOf(source)) continue
    const value: unknown = Reflect.get(source, key)
    const { enumerable = true } = descriptor ?? {}
    Object.defineProperty(target, key, {
      value: mockOf(value, kind, seen),
      enumerable,
      configurable: true,
      writable: true,
    })
  }
  return target
}

/** Compiled modules export by accessors. */
const isExportOf = (source: object) => Reflect.get(source, '__esModule') === true

function mockOf(value: unknown, kind: 'automock' | 'spy', seen: Map<unknown, unknown>): unknown {
  if (seen.has(value)) return seen.get(value)
  if (typeof value === 'function') return mockFunction(value, kind, seen)
  if (Array.isArray(value)) return kind === 'spy' ? value : []
  if (typeof value !== 'object' || value === null) return value
  if (isOpaque(value)) return value
  return copyInto(Object.create(Object.getPrototypeOf(value)) as Keyed, value, kind, seen)
}

const isOpaque = (value: object) =>
  value instanceof RegExp || value instanceof Date || value instanceof Promise || ArrayBuffer.isView(value)

function mockFunction(original: object, kind: 'automock' | 'spy', seen: Map<unknown, unknown>): unknown {
  if (isMockFunction(original)) return original
  const prototype = Reflect.get(original, 'prototype') as object | undefined
  const members = prototype === undefined ? [] : methodsOf(prototype)
  const mock = createMockInstance({
    name: String(Reflect.get(original, 'name')),
    prototypeMembers: members,
    ...(kind === 'spy' ? { originalImplementation: original as () => unknown } : {}),
    keepMembersImplementation: kind === 'spy',
  })
  seen.set(original, mock)
  if (prototype !== undefined) {
    for (const key of members) {
      const method = Reflect.get(prototype, key) as () => unknown
      const replaced = createMockInstance(kind === 'spy' ? { originalImplementation: method } : {})
      Object.defineProperty(mock.prototype, key, { value: replaced, configurable: true, writable: true })
    }
  }
  for (const key of membersOf(original)) {
    if (/^(length|name|prototype|arguments|caller)$/.test(String(key)) || key in mock) continue
    Reflect.set(mock, key, mockOf(Reflect.get(original, key), kind, seen))
  }
  return mock
}

/** Own members, and those inherited from classes of the project. */
function membersOf(source: object): PropertyKey[] {
  const own = Reflect.ownKeys(source).filter((key) => key !== Symbol.toStringTag)
  const inherited = typeof source === 'function' ? [] : methodsOf(Object.getPrototypeOf(source) as object | null)
  return [...new Set([...own, ...inherited])]
}

function methodsOf(prototype: object | null): (string | symbol)[] {
  const found: (string | symbol)[] = []
  for (let current = prototype; current !== null && !isBuiltinPrototype(current); ) {
    for (const key of Reflect.ownKeys(current)) {
      if (key === 'constructor' || found.includes(key)) continue
      if (typeof Object.getOwnPropertyDescriptor(current, key)?.value === 'function') found.push(key)
    }
    current = Object.getPrototypeOf(current) as object
  }
  return found
}

const builtinPrototypes = new Set<unknown>(
  [Object, Function, Array, Error, Map, Set, Promise, RegExp, Date].map((type) => type.prototype),
)
const isBuiltinPrototype = (value: object) => builtinPrototypes.has(value)
