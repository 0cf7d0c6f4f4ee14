/** What the library's native half knows, as tables read from the pinned release. */
export interface LibraryData {
  version: string
  /** Names on the global object. */
  globals: string[]
  versions: Record<string, string>
  release: Record<string, string>
  config: Record<string, unknown>
  /** Plain values of each `internalBinding`, by its name. */
  bindings: Record<string, Record<string, unknown>>
  /** Names of the functions and classes of each `internalBinding`. */
  functions: Record<string, string[]>
  privateSymbols: string[]
  /** Key in `internalBinding('symbols')` → description. */
  perIsolateSymbols: Record<string, string>
  errors: [errno: number, code: string, message: string][]
  options: Record<string, unknown>
  optionInfo: [name: string, info: Record<string, unknown>][]
  optionAliases: [name: string, expansion: string[]][]
  /** Modules of the release that the sandbox does not carry. */
  unavailable: string[]
  /** Modules that come with the bundle `node-late`. */
  late: string[]
}

/** Numbers and maps that JSON cannot hold arrive as `{ $number }` and `{ $map }`. */
export function revive(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(revive)
  if ('$number' in value) return Number(value.$number)
  if ('$map' in value && Array.isArray(value.$map)) {
    return new Map(value.$map.map(([key, entry]: [unknown, unknown]) => [key, revive(entry)]))
  }
  // Without a prototype, as V8 makes them: the library asks `signals[name]` of any name.
  const plain = Object.create(null)
  for (const [key, entry] of Object.entries(value)) plain[key] = revive(entry)
  return plain
}
