// Loads 2.7 MB of vocabulary: import it in a Worker or a test, never on the way to a page.
import { countTokens as countPiece } from 'gpt-tokenizer/encoding/o200k_base'

/** Long pieces without a boundary cost the tokenizer quadratic time; this long they cost a few milliseconds. */
const maxPiece = 2_000
const noSpecials = { disallowedSpecial: new Set<string>() }

/** Tokens of a text in the vocabulary of current OpenAI models. Words that look like control tokens count as text. */
export function countTokens(text: string): number {
  let tokens = 0
  for (let start = 0; start < text.length; ) {
    const end = pieceEnd(text, start)
    tokens += countPiece(text.slice(start, end), noSpecials)
    start = end
  }
  return tokens
}

/** Where a piece may end without changing the count: before the last line or word that begins in it. */
function pieceEnd(text: string, start: number): number {
  const limit = start + maxPiece
  if (limit >= text.length) return text.length
  for (const boundary of [/\n(?=\S)/g, / (?=[A-Za-z])/g]) {
    const last = [...text.slice(start, limit + 1).matchAll(boundary)].at(-1)
    if (last && last.index > 0) return start + last.index + (last[0] === '\n' ? 1 : 0)
  }
  // Between the halves of a surrogate pair there would be two unknown characters.
  return /[\ud800-\udbff]/.test(text.charAt(limit - 1)) ? limit - 1 : limit
}
