const patternCharacters = /[*?[]/
/** More of them no line of a person has: they count as standing for everything. */
const maxPatterns = 5_000

/**
 * The files that the patterns among `paths` stand for: `.e*` for `.env`. Case makes no difference here, as shells can be
 * told; `dots`: a star stands for a leading dot, too.
 */
export function filesMeant(
  paths: readonly string[],
  files: () => readonly string[],
  { dots }: { dots: boolean },
): readonly string[] {
  const patterns = [...new Set(paths.filter((path) => patternCharacters.test(path)))]
  if (patterns.length === 0) return []
  if (patterns.length > maxPatterns) return files()
  const wanted = patterns.map((pattern) => toSegments(pattern.toLowerCase()))
  return files().filter((file) => {
    const parts = file.toLowerCase().split('/')
    return wanted.some((pattern) =>
      matchesAll(pattern, parts, {
        isStar: (segment) => segment.text === '**',
        matches: (segment, part) => stands(segment, part, dots),
      }),
    )
  })
}

interface Segment {
  text: string
  tokens: readonly string[]
}

function toSegments(pattern: string): Segment[] {
  const segments: string[] = []
  for (const segment of pattern.split('/')) {
    if (segment === '..') segments.pop()
    else if (segment !== '' && segment !== '.') segments.push(segment)
  }
  // A choice of characters counts as any one: it stands for more files than it would, never for fewer.
  const tokensOf = (text: string) =>
    (text.match(/\*+|\[[!^]?\]?(?:\[:\w+:\]|[^\]])*\]|[\s\S]/g) ?? []).map((token) =>
      token.startsWith('*') ? '*' : token.length > 1 ? '?' : token,
    )
  return segments.map((text) => ({ text, tokens: tokensOf(text) }))
}

function stands({ tokens }: Segment, name: string, dots: boolean): boolean {
  if (!dots && name.startsWith('.') && tokens[0] !== '.') return false
  return matchesAll(tokens, [...name], {
    isStar: (token) => token === '*',
    matches: (token, character) => token === '?' || token === character,
  })
}

/** Goes back to the last star alone, so that no pattern takes long. */
function matchesAll<Token, Item>(
  pattern: readonly Token[],
  items: readonly Item[],
  { isStar, matches }: { isStar: (token: Token) => boolean; matches: (token: Token, item: Item) => boolean },
): boolean {
  let at = 0
  let star: { pattern: number; item: number } | null = null
  for (let item = 0; item < items.length; ) {
    const token = pattern[at]
    if (token !== undefined && isStar(token)) star = { pattern: at++, item }
    else if (token !== undefined && matches(token, items[item] as Item)) {
      at++
      item++
    } else if (star) {
      at = star.pattern + 1
      item = ++star.item
    } else return false
  }
  return pattern.slice(at).every(isStar)
}
