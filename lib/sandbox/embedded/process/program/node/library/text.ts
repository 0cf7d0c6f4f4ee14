import { places } from 'vitrine:node-library'
import { natives } from '../natives'

let file: Uint8Array | null = null
const decoder = new natives.TextDecoder()

/** Name of the asset with the library's sources. */
const libraryFile = 'node-library.txt'

/** Gives the Worker the library's sources, before anything of it runs. */
export function takeLibrary(assets: Record<string, unknown>): void {
  const bytes = assets[libraryFile]
  if (bytes instanceof Uint8Array) file = bytes
}

export const libraryIds: readonly string[] = Object.keys(places)

/** Characters of all sources. */
export const librarySize = Object.values(places).reduce((sum, [start, end]) => sum + end - start, 0)

const placeOf = (id: string) => (Object.hasOwn(places, id) ? places[id] : undefined)

/** The source of a module; undefined when it is none of those that every process has at hand. */
export function libraryText(id: string): string | undefined {
  const place = placeOf(id)
  if (place === undefined) return undefined
  if (file === null) throw new Error(`The Worker was started without ${libraryFile}.`)
  return decoder.decode(file.subarray(...place))
}

let lateIndents: Record<string, string> = {}

/** What `libraryIndent` answers of the modules that are loaded late. */
export function takeLateIndents(indents: Record<string, string>): void {
  lateIndents = indents
}

/** By how much a line (1-based) of a module is indented in Node's own source: the sources here have lost their indents. */
export function libraryIndent(id: string, line: number): number {
  const place = placeOf(id)
  const code = place === undefined ? lateIndents[id]?.charCodeAt(line - 1) : file?.[place[1] + line - 1]
  return code ? code - 0x20 : 0
}
