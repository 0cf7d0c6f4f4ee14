/** All files of the package, by name. */
declare module '*/library/pytest' {
  const files: Record<string, string>
  export default files
}

declare module '*.py' {
  const source: string
  export default source
}
