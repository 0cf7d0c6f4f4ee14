// Stands in for the loop in Jest's `expect()` that makes every matcher six times over, of which a test uses one.

type Matcher = object
type MatcherFunction = (...values: unknown[]) => unknown

export interface ExpectationParts {
  actual: unknown
  matchers: Record<string, Matcher>
  promiseMatcher(name: string, matcher: Matcher): Matcher | null
  throwing(matcher: Matcher, isNot: boolean, promise: string, actual: unknown): MatcherFunction
  resolving: PromiseMatcher
  rejecting: PromiseMatcher
  /** Holds the stack of the `expect()` call. */
  newError(): Error
}

type PromiseMatcher = (name: string, matcher: Matcher, isNot: boolean, actual: unknown, error: Error) => MatcherFunction
type Make = (parts: ExpectationParts, name: string, matcher: Matcher, error: Error | null) => MatcherFunction

const partsKey = Symbol('parts')
const errorKey = Symbol('error')
interface View {
  [partsKey]: ExpectationParts
  [errorKey]: Error | null
}

/** `expect(x)` or one of its `not`, `resolves`, `rejects`: matchers are made when they are asked for. */
function createKind(make: Make) {
  const prototype: object = {}
  return (parts: ExpectationParts, error: Error | null = null): View & Record<string, unknown> => {
    // `expect.extend` may have brought new ones.
    for (const name of Object.keys(parts.matchers)) {
      if (Object.hasOwn(prototype, name)) continue
      Object.defineProperty(prototype, name, {
        enumerable: true,
        configurable: true,
        get(this: View) {
          const own = this[partsKey]
          return make(own, name, own.matchers[name] ?? {}, this[errorKey])
        },
      })
    }
    return Object.assign(Object.create(prototype), { [partsKey]: parts, [errorKey]: error })
  }
}

const throwing = (isNot: boolean) =>
  createKind((parts, _name, matcher) => parts.throwing(matcher, isNot, '', parts.actual))
const promised = (which: 'resolving' | 'rejecting', isNot: boolean) =>
  createKind((parts, name, matcher, error) =>
    parts[which](name, parts.promiseMatcher(name, matcher) || matcher, isNot, parts.actual, error ?? parts.newError()),
  )

const kinds = {
  plain: throwing(false),
  not: throwing(true),
  resolves: { plain: promised('resolving', false), not: promised('resolving', true) },
  rejects: { plain: promised('rejecting', false), not: promised('rejecting', true) },
}

const lazily = (target: object, name: string, make: () => unknown) =>
  Object.defineProperty(target, name, { enumerable: true, configurable: true, get: make })

export function lazyExpectation(parts: ExpectationParts): object {
  const expectation = kinds.plain(parts)
  lazily(expectation, 'not', () => kinds.not(parts))
  for (const name of ['resolves', 'rejects'] as const) {
    lazily(expectation, name, () => {
      const error = parts.newError()
      return lazily(kinds[name].plain(parts, error), 'not', () => kinds[name].not(parts, error))
    })
  }
  return expectation
}
