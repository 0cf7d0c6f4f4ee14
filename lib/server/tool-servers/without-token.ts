import 'server-only'

export const tokenPlaceholder = '«token»'

/**
 * Takes a token out of what passes. Only what may be the beginning of one is held back, so that events arrive when they
 * are sent.
 */
export function withoutToken(token: string): TransformStream<Uint8Array, Uint8Array> {
  const decoder = new TextDecoder()
  const encoder = new TextEncoder()
  let held = ''
  return new TransformStream({
    transform(chunk, controller) {
      const text = (held + decoder.decode(chunk, { stream: true })).replaceAll(token, tokenPlaceholder)
      held = beginningAtEnd(text, token)
      const clear = text.slice(0, text.length - held.length)
      if (clear !== '') controller.enqueue(encoder.encode(clear))
    },
    flush(controller) {
      const rest = held + decoder.decode()
      if (rest !== '') controller.enqueue(encoder.encode(rest))
    },
  })
}

/** The longest end of the text that the token begins with. */
function beginningAtEnd(text: string, token: string): string {
  for (let length = Math.min(token.length - 1, text.length); length > 0; length--) {
    if (text.endsWith(token.slice(0, length))) return token.slice(0, length)
  }
  return ''
}
