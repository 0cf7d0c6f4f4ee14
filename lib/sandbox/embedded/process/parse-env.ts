/** A `.env` file, by the rules of Node's own parser. */
export function parseEnv(content: string): Record<string, string> {
  const values: Record<string, string> = {}
  const line = /^[ \t]*(?:export[ \t]+)?([^\s=#][^=\n]*?)[ \t]*=[ \t]*('[^']*'|"[^"]*"|`[^`]*`|[^\n#]*)[^\n]*$/gm
  for (const [, name = '', raw = ''] of content.replace(/\r\n?/g, '\n').matchAll(line)) {
    const quote = raw[0] ?? ''
    const isQuoted = raw.length > 1 && '\'"`'.includes(quote) && raw.endsWith(quote)
    const value = isQuoted ? raw.slice(1, -1) : raw.trim()
    values[name] = quote === '"' && isQuoted ? value.replaceAll('\\n', '\n') : value
  }
  return values
}
