// Made by scripts/node-library.mjs at build time.
declare module 'vitrine:node-library' {
  /**
   * Module id (`fs`, `internal/errors`) → where its compacted text stands in the file `node-library.txt`; behind the text
   * stand the indents that its lines have lost, a character each.
   */
  export const places: Record<string, [start: number, end: number]>
  /** See `LibraryData`. */
  export const data: unknown
}

declare module 'vitrine:node-library/late' {
  export const sources: Record<string, string>
  export const indents: Record<string, string>
}
