const patternCharacters = /[*?[]/
/** Longer ones, and more of them, no line of a person has. */
const maxPattern = 260
const maxPatterns = 200

/**
 * The files that the patterns among `paths` stand for: `.e*` for `.env`. Case makes no difference here, as shells can be
 * told; `dots`: a star stands for a leading dot, too.
 */
export function filesMeant(paths: readonly string[], files: Iterable<string>, { dots }: { dots: boolean }): string[] {
  const patterns = [...new Set(paths.filter((path) => patternCharacters.test(path) && path.length <= maxPattern))]
  if (patterns.length === 0) return []
  const rules = patterns.slice(0, maxPatterns).map((pattern) => toRegExp(pattern, dots))
  return [...files].filter((file) => rules.some((rule) => rule.test(file)))
}

function toRegExp(pattern: string, dots: boolean): RegExp {
  const segments: string[] = []
  for (const segment of pattern.split('/')) {
    if (segment === '..') segments.pop()
    else if (segment !== '' && segment !== '.') segments.push(segment)
  }
  const sources = segments.map((segment) => (segment === '**' ? '.*' : fromSegment(segment, dots)))
  return new RegExp(`^${sources.join('/').replaceAll('.*/', '(?:.*/)?')}$`, 'i')
}

/** A choice of characters counts as any one: it stands for more files than it would, never for fewer. */
function fromSegment(segment: string, dots: boolean): string {
  const source = segment.replace(/\*+|\?|\[[!^]?\]?(?:\[:\w+:\]|[^\]])*\]|[.+^${}()|[\]\\]/g, (part) => {
    if (part.startsWith('*')) return '[^/]*'
    return part === '?' || part.length > 1 ? '[^/]' : `\\${part}`
  })
  return !dots && /^[*?[]/.test(segment) ? `(?!\\.)${source}` : source
}
