/** A failure that the caller is expected to handle right away. Throw instead when an invariant is broken. */
export type Result<Value, Failure = { reason: string; message: string }> =
  | ({ ok: true } & Value)
  | ({ ok: false } & Failure)

export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Invariant broken: ${message}`)
}

/** For the `default` of a `switch` over a union: the compiler complains when a case is missing. */
export function unreachable(value: never): never {
  throw new Error(`Unhandled case: ${JSON.stringify(value)}`)
}
