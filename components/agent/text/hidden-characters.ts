/**
 * Characters that a reader cannot see but that change what text means: controls other than tab and newline, formats
 * (bidirectional, zero-width, tags), spaces other than the usual one, blank letters and variation selectors.
 */
const hidden =
  /(?![\t\n])\p{Cc}|\p{Cf}|(?! )\p{Z}|[\u115f\u1160\u3164\uffa0]|\u034f|\u17b4|\u17b5|[\ufe00-\ufe0e]|[\u{e0100}-\u{e01ef}]/gu

export type VisiblePiece = { text: string; hidden: false } | { text: string; hidden: true }

/** Cuts text into plain pieces and names of hidden characters (`U+202E`). */
export function visiblePieces(text: string): VisiblePiece[] {
  const pieces: VisiblePiece[] = []
  let end = 0
  for (const match of text.matchAll(hidden)) {
    if (match.index > end) pieces.push({ text: text.slice(end, match.index), hidden: false })
    pieces.push({ text: nameOf(match[0]), hidden: true })
    end = match.index + match[0].length
  }
  if (end < text.length) pieces.push({ text: text.slice(end), hidden: false })
  return pieces
}

function nameOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}
