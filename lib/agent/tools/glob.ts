/** `*` and `?` stay in a folder, `**` crosses folders, `{a,b}` is a choice. A pattern without `/` fits a name in any folder. */
export function globToRegex(glob: string): RegExp {
  const pattern = glob.replace(/^\.?\//, '')
  const anywhere = pattern.includes('/') ? '' : '(?:.*/)?'
  let depth = 0
  const body = pattern.replaceAll(/\*\*\/?|[*?{},]|[.+^$()|[\]\\]/g, (token) => {
    if (token === '**/') return '(?:[^/]+/)*'
    if (token === '**') return '.*'
    if (token === '*') return '[^/]*'
    if (token === '?') return '[^/]'
    if (token === '{') {
      depth++
      return '(?:'
    }
    if (token === '}') return depth-- > 0 ? ')' : '\\}'
    if (token === ',') return depth > 0 ? '|' : ','
    return `\\${token}`
  })
  return new RegExp(`^${anywhere}${body}${')'.repeat(Math.max(0, depth))}$`)
}
