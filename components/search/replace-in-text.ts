/** The text with each match replaced, line by line as the search finds them. With `expands`, `$1`, `$<name>` and `$&` stand for what was found. */
export function replaceInText(
  text: string,
  pattern: RegExp,
  { replacement, expands }: { replacement: string; expands: boolean },
): { text: string; count: number } {
  let count = 0
  const parts = text.split(/(\r\n|\n|\r)/).map((part, index) => {
    // Every second part is a line end.
    if (index % 2 === 1) return part
    let out = ''
    let at = 0
    for (const match of part.matchAll(pattern)) {
      if (match[0] === '') continue
      out += part.slice(at, match.index) + (expands ? expand(replacement, match) : replacement)
      at = match.index + match[0].length
      count += 1
    }
    return out + part.slice(at)
  })
  return { text: parts.join(''), count }
}

function expand(replacement: string, match: RegExpExecArray): string {
  return replacement.replaceAll(/\$(?:(\$)|(&)|<([^>]*)>|(\d{1,2}))/g, (all, dollar, whole, name, number) => {
    if (dollar !== undefined) return '$'
    if (whole !== undefined) return match[0]
    if (name !== undefined) return match.groups?.[name] ?? ''
    return Number(number) > 0 && Number(number) < match.length ? (match[Number(number)] ?? '') : all
  })
}
