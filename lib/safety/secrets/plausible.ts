/** Shannon entropy in bits per character. */
export function entropy(text: string): number {
  const counts = new Map<string, number>()
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length)
  return bits
}

const placeholder =
  /example|sample|replace_?with|(?:token|key|secret|password)_?here|dummy|fake|placeholder|changeme|change_me|insert|redacted|your[_-]|my[_-]?(?:secret|token|password)|x{4,}|\*{3,}|\.{3,}|<[^>]*>|\$\{|\{\{|%[sd]|(?:0123456789|abcdefghijklm)/i

/** Words that documentation writes where a password would stand. */
const placeholderPassword =
  /^(?:pass(?:word|wd)?|pwd|pw|secret|token|credentials?|passwort|test|user(?:name)?|admin|root|postgres|guest|\W+|x+|\d{1,6})$/i

function isPlaceholder(value: string): boolean {
  return placeholder.test(value)
}

/** For published formats, whose shape already says a lot: a documented example may still be a live key. */
export function isBlankedOut(token: string): boolean {
  return /x{6,}|\*{3,}|TokenHere|your[_-]|\$\{|<|^A[A-Z0-9]{12}EXAMPLE$/i.test(token)
}

export function isPlaceholderPassword(value: string): boolean {
  return placeholderPassword.test(value) || isPlaceholder(value)
}

/** The first part of a JSON Web Token is base64url of an object with `alg`. */
export function isJwt(token: string): boolean {
  const [header = ''] = token.split('.')
  try {
    const parsed: unknown = JSON.parse(atob(header.replaceAll('-', '+').replaceAll('_', '/')))
    return typeof parsed === 'object' && parsed !== null && 'alg' in parsed
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof DOMException) return false
    throw error
  }
}

/**
 * Whether a value assigned to a name such as `apiKey` looks generated rather than written:
 * dense, and letters and digits mixed as no identifier, path, version or sentence mixes them.
 */
export function looksGenerated(value: string): boolean {
  if (value.length < 10 || value.length > 200 || isPlaceholder(value)) return false
  if (/^(?:https?:|\/|\.\/|\w+\()|\.(?:pem|cer|crt|p12|js|ts|json|html?|com|org|net|io)$|[\s()]/i.test(value))
    return false
  const bits = entropy(value)
  if (/^[0-9a-f-]{24,}$/i.test(value))
    return bits >= 2.8 && /\d/.test(value) && (/[a-f]/i.test(value) || value.length >= 30)
  const turns = value.match(/[a-z](?=\d)|\d(?=[a-z])/gi)?.length ?? 0
  const caseTurns = value.match(/[a-z][A-Z][a-z]|[A-Z][a-z][A-Z]/g)?.length ?? 0
  return bits >= 3 && turns + (turns > 0 ? caseTurns : 0) >= 3 && value.length >= 13
}
