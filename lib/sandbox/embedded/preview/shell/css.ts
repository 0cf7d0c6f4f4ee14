/** Reads a file of the server as a `data:` URL; null when there is none. */
export type LoadData = (url: string) => Promise<string | null>

/** CSS with everything it loads put into it: a srcdoc page cannot load by address. */
export async function inlineCss(
  css: string,
  url: string,
  load: { text(url: string): Promise<string | null>; data: LoadData },
  seen: readonly string[] = [],
): Promise<string> {
  const withImports = await replaceAsync(
    css,
    /@import\s+(?:url\(\s*)?(?:"([^"]*)"|'([^']*)'|([^'")\s;]+))\s*\)?([^;]*);/g,
    async ([whole, double, single, bare, media = '']) => {
      const target = resolve(double ?? single ?? bare ?? '', url)
      if (target === null) return whole
      if (seen.includes(target)) return ''
      const text = await load.text(target)
      if (text === null) return `/* ${target} is missing */`
      const inner = await inlineCss(text, target, load, [...seen, url])
      return media.trim() === '' ? inner : `@media ${media.trim()} {${inner}}`
    },
  )
  return replaceAsync(withImports, /url\(\s*(?:"([^"]*)"|'([^']*)'|([^'")\s]+))\s*\)/g, async (match) => {
    const target = resolve(match[1] ?? match[2] ?? match[3] ?? '', url)
    const data = target === null ? null : await load.data(target)
    return data === null ? match[0] : `url("${data}")`
  })
}

function resolve(reference: string, base: string): string | null {
  if (/^(data:|blob:|#)/.test(reference) || !URL.canParse(reference, base)) return null
  return new URL(reference, base).href
}

async function replaceAsync(
  text: string,
  pattern: RegExp,
  replacement: (match: RegExpMatchArray) => Promise<string>,
): Promise<string> {
  const matches = [...text.matchAll(pattern)]
  const replacements = await Promise.all(matches.map(replacement))
  let out = ''
  let last = 0
  matches.forEach((match, index) => {
    out += text.slice(last, match.index) + replacements[index]
    last = match.index + match[0].length
  })
  return out + text.slice(last)
}
