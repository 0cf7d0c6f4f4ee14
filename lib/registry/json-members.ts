const quote = 34
const backslash = 92
const openObject = 123
const closeObject = 125
const openArray = 91
const closeArray = 93
const comma = 44
const colon = 58

/** Walks over the object that is the whole of a text (`walkMembers`), which may begin with a byte order mark. */
export function walkText(data: Uint8Array, visit: (name: string, at: number) => number): void {
  const hasMark = data[0] === 0xef && data[1] === 0xbb && data[2] === 0xbf
  const end = skipBlanks(data, walkMembers(data, hasMark ? 3 : 0, visit))
  if (end < data.length) throw unexpected(data, end)
}

export const isObjectAt = (data: Uint8Array, at: number): boolean => data[at] === openObject

/**
 * Walks over the members of the JSON object (RFC 8259, in UTF-8) that begins at `start`, without reading their values: a
 * registry's answer of some megabytes holds thousands of versions, of which one is wanted. `visit` hears of each name and of
 * where its value begins, and says where that ends (`endOfValue`). Returns where the object ends. Throws a SyntaxError where
 * the text breaks off or is no object.
 */
export function walkMembers(data: Uint8Array, start: number, visit: (name: string, at: number) => number): number {
  let at = expect(data, skipBlanks(data, start), openObject)
  if (data[skipBlanks(data, at)] === closeObject) return skipBlanks(data, at) + 1
  for (;;) {
    const nameAt = skipBlanks(data, at)
    const nameEnd = endOfString(data, nameAt)
    const valueAt = skipBlanks(data, expect(data, skipBlanks(data, nameEnd), colon))
    const next = skipBlanks(data, visit(readValue(data, nameAt, nameEnd) as string, valueAt))
    if (data[next] === closeObject) return next + 1
    at = expect(data, next, comma)
  }
}

export function endOfValue(data: Uint8Array, start: number): number {
  const first = data[start]
  if (first === quote) return endOfString(data, start)
  if (first !== openObject && first !== openArray) return endOfWord(data, start)
  let depth = 0
  for (let at = start; at < data.length; at++) {
    const code = data[at]
    if (code === quote) at = endOfString(data, at) - 1
    else if (code === openObject || code === openArray) depth += 1
    else if ((code === closeObject || code === closeArray) && --depth === 0) return at + 1
  }
  throw brokenOff()
}

/** Of a number, `true`, `false` or `null`. */
function endOfWord(data: Uint8Array, start: number): number {
  let at = start
  while (at < data.length && !isBlank(data[at]) && !isEndOfWord(data[at])) at += 1
  return at
}

const isEndOfWord = (code: number | undefined) => code === comma || code === closeObject || code === closeArray

const decoder = new TextDecoder()

export function readValue(data: Uint8Array, start: number, end: number): unknown {
  return JSON.parse(decoder.decode(data.subarray(start, end)))
}

function endOfString(data: Uint8Array, start: number): number {
  expect(data, start, quote)
  for (let at = start + 1; at < data.length; at++) {
    if (data[at] === quote) return at + 1
    if (data[at] === backslash) at += 1
  }
  throw brokenOff()
}

function skipBlanks(data: Uint8Array, start: number): number {
  let at = start
  while (isBlank(data[at])) at += 1
  return at
}

const isBlank = (code: number | undefined) => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09

function expect(data: Uint8Array, at: number, code: number): number {
  if (data[at] === code) return at + 1
  throw at < data.length ? unexpected(data, at) : brokenOff()
}

const unexpected = (data: Uint8Array, at: number) =>
  new SyntaxError(`Unexpected byte ${data[at]} at ${at} of the JSON.`)

const brokenOff = () => new SyntaxError('The JSON breaks off.')
