const word = '(?:get|set|static|async|accessor)'
const typedField = new RegExp(`^[ \\t]*(?:\\w+[ \\t]+)*${word}[ \\t]*[!?]?:`)
const bareField = new RegExp(`^([ \\t]*(?:static[ \\t]+)?${word})\\??([ \\t]*(?://.*)?)$`)
const anyField = new RegExp(typedField.source, 'm')

/**
 * Ends the fields that lost their type and are named like a modifier: without a semicolon `get` belongs to what the next
 * line declares. `code` has the lines of `text`.
 */
export function endBareFields(text: string, code: string): string {
  if (!anyField.test(text)) return code
  const typed = text.split('\n').map((line) => typedField.test(line))
  const lines = code.split('\n')
  // A type of several lines may have a value behind it.
  const hasValue = (index: number) => /^\s*=/.test(lines.slice(index + 1).find((line) => line.trim() !== '') ?? '')
  return lines
    .map((line, index) => (typed[index] && !hasValue(index) ? line.replace(bareField, '$1;$2') : line))
    .join('\n')
}
