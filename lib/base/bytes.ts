/** One block with all parts in their order. It is always a copy, also of a single part. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.byteLength, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.byteLength
  }
  return whole
}

/** Each byte as the character of the same number. */
export function toLatin1(bytes: Uint8Array): string {
  let text = ''
  // More arguments than this overflow the stack of some engines; spreading them would be ten times slower.
  for (let at = 0; at < bytes.length; at += 0x8000) {
    text += Reflect.apply(String.fromCharCode, null, bytes.subarray(at, at + 0x8000))
  }
  return text
}

/** The opposite of `toLatin1`; what is left of a larger character is its lowest byte. */
export function fromLatin1(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length)
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at)
  return bytes
}

export function toBase64(bytes: Uint8Array): string {
  return btoa(toLatin1(bytes))
}

/** Throws `InvalidCharacterError` when the text is not base64. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return fromLatin1(atob(text))
}

/** RFC 4648 §5, without padding. */
export function toBase64Url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

/** Throws `InvalidCharacterError` when the text is not base64url. */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  return fromBase64(text.replaceAll('-', '+').replaceAll('_', '/'))
}

/** The bytes, copied where their memory is shared or can grow: decoders, pages and the kernel refuse that. */
export function plainBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return isPlain(bytes) ? bytes : new Uint8Array(bytes)
}

const isPlain = (bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> =>
  bytes.buffer instanceof ArrayBuffer && !bytes.buffer.resizable
