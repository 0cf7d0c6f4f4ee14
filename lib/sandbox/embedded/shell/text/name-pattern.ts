/** Whether a name matches a pattern of the shell's: `*`, `?`, `[a-z]`, `\*`. */
export function createNamePattern(pattern: string): (name: string) => boolean {
  const source = pattern.replaceAll(
    /\\(.)|\[(!|\^)?([^\]]+)\]|([*?])|[.+^${}()|\\/[\]]/g,
    (text, escaped, not, set, wild) => {
      if (escaped !== undefined) return /\w/.test(escaped) ? escaped : `\\${escaped}`
      if (set !== undefined) return `[${not ? '^' : ''}${String(set).replaceAll('\\', '\\\\')}]`
      if (wild !== undefined) return wild === '*' ? '.*' : '.'
      return `\\${text}`
    },
  )
  const matcher = new RegExp(`^${source}$`, 's')
  return (name) => matcher.test(name)
}
