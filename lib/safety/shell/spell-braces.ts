/** Words that one may spell with braces; what may be more is not known. */
const maxSpelled = 1_000
const maxBraces = 50
/** Stand-ins for braces and commas that are not quoted, while a word is read. */
const brace = { open: '\ue000', comma: '\ue001', close: '\ue002' }
const unquoted: Record<string, string> = { '{': brace.open, ',': brace.comma, '}': brace.close }

/** The stand-in for a character that is not quoted, or the character itself. */
export function unquotedBrace(char: string): string {
  return unquoted[char] ?? char
}

/** The words that a text with stand-ins spells; null when they are too many or only known when it runs. */
export function spellBraces(text: string): string[] | null {
  const groups = text.split(brace.open).length - 1
  if (groups === 0) return [withBraces(text)]
  const choices = text.split(brace.comma).length - 1
  // At the most when the choices are spread evenly.
  const isFew = groups <= maxBraces && (choices / groups + 1) ** groups <= maxSpelled
  const isKnown = isFew && !/\ue000[^\ue002]*\.\./.test(text)
  return isKnown ? spelled(text).filter((word) => word !== '') : null
}

/** Innermost groups first, so that nested ones spell at least what they would. */
function spelled(text: string): string[] {
  const group = /\ue000([^\ue000\ue002]*)\ue002/.exec(text)
  if (!group) return [withBraces(text)]
  const [whole, inner = ''] = group
  const parts = inner.split(brace.comma)
  const before = text.slice(0, group.index)
  const after = text.slice(group.index + whole.length)
  const choices = parts.length === 1 ? [`{${inner}}`] : parts
  return choices.flatMap((choice) => spelled(before + choice + after))
}

/** The text with braces and commas in place of their stand-ins. */
export function withBraces(text: string): string {
  return text.replaceAll(brace.open, '{').replaceAll(brace.comma, ',').replaceAll(brace.close, '}')
}
