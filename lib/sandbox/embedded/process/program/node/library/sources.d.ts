// Made by scripts/node-library.mjs at build time.
declare module 'vitrine:node-library' {
  /** Module id (`fs`, `internal/errors`) → minified text. */
  export const sources: Record<string, string>
  /** See `LibraryData`. */
  export const data: unknown
}

declare module 'vitrine:node-library/late' {
  export const sources: Record<string, string>
}
