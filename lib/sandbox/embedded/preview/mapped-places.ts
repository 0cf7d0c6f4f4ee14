import { positionsOfMappings } from '../process/program/loader/positions'

/** Lines of a compiled module that come from lines of its file, as a source map of version 3 says. */
export interface MappedPart {
  /** 1-based, in the module. */
  firstLine: number
  /** Added to the lines of the map: those before the part in its file. */
  lineOffset: number
  mappings: string
}

/** A global of the page: the parts of modules whose lines moved, by path; each module notes its own. */
const globalName = '__vitrineMappedModules'

/** A statement for the first line of a module. */
export function notePlaces(path: string, parts: readonly MappedPart[]): string {
  return parts.length === 0
    ? ''
    : `(globalThis.${globalName} ??= {})[${JSON.stringify(path)}] = ${JSON.stringify(parts)};`
}

const address = /(https?:\/\/localhost(?::\d+)?)(\/[^\s?:)]*)(\?[^\s:)]*)?:(\d+):(\d+)/g

/** A stack with the places of the user's files for those of compiled modules. */
export function withMappedPlaces(stack: string): string {
  const modules: unknown = Reflect.get(globalThis, globalName)
  if (typeof modules !== 'object' || modules === null) return stack
  return stack.replace(address, (whole, origin: string, path: string, query = '', line: string, column: string) => {
    const parts = (Object.hasOwn(modules, path) ? Reflect.get(modules, path) : []) as MappedPart[]
    const part = parts.findLast(({ firstLine }) => firstLine <= Number(line))
    if (part === undefined) return whole
    const place = { line: Number(line) - part.firstLine + 1, column: Number(column) }
    const mapped = positionsOfMappings(() => part.mappings)(place)
    return `${origin}${path}${query}:${mapped.line + part.lineOffset}:${mapped.column}`
  })
}
