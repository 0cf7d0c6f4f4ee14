declare module 'virtual:page-runtime' {
  /** The page's first script, bundled. */
  const source: string
  export default source
}

declare module 'virtual:page-capture' {
  /** Code that makes `vitrinePart.capture`. */
  const source: string
  export default source
}
