declare module 'virtual:page-runtime' {
  /** The page's first script, bundled. */
  const source: string
  export default source
}
