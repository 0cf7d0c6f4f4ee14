import { plural } from '@/lib/base'
import type { SymbolFile } from '@/lib/sandbox'

/** Where something is defined; `note` says what TypeScript knows of it. */
export interface SymbolHit {
  path: string
  /** 1-based. */
  line: number
  note: string
}

/** The exports of that name, most used first, as TypeScript resolves them. */
export function exportedSymbols(
  name: string,
  files: ReadonlyMap<string, unknown>,
  known: ReadonlyMap<string, SymbolFile>,
): SymbolHit[] {
  const hits = [...known.values()].flatMap(({ path, symbols }) =>
    files.has(path) ? symbols.filter((symbol) => symbol.name === name).map((symbol) => ({ path, ...symbol })) : [],
  )
  return hits
    .sort((a, b) => b.usedIn - a.usedIn || a.path.localeCompare(b.path) || a.line - b.line)
    .map(({ path, line, signature, usedIn }) => ({
      path,
      line,
      note: `${signature}; ${usedIn === 0 ? 'no other file uses it' : `used in ${plural(usedIn, 'other file')}`}`,
    }))
}

/** How the definitions were found, for the model to weigh: TypeScript knows exports, the look of a line only suggests. */
export function sourceOfSymbols(
  paths: Iterable<string>,
  known: ReadonlyMap<string, SymbolFile>,
): 'exports from TypeScript, all else by the look of the lines' | 'by the look of the lines' {
  return [...paths].some((path) => known.has(path))
    ? 'exports from TypeScript, all else by the look of the lines'
    : 'by the look of the lines'
}
