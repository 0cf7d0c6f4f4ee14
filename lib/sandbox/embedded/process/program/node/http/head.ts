import { ParseFailure } from './parse-error'

export interface HeadLimits {
  isLenient: boolean
}

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a value must not hold
const badValue = /[\0-\x08\n\x0b-\x1f\x7f]/
const badTarget = /[\0-\x20\x7f]/

export interface RequestLine {
  method: string
  url: string
  major: number
  minor: number
}

export function parseRequestLine(line: string, methods: readonly string[]): RequestLine {
  const [method = '', url, version, ...more] = line.split(' ')
  if (!methods.includes(method)) throw invalidMethod(method, methods)
  if (url === undefined || url === '') throw new ParseFailure('HPE_INVALID_URL', 'Unexpected start char in url')
  if (badTarget.test(url)) throw new ParseFailure('HPE_INVALID_URL', 'Invalid characters in url')
  if (version === undefined || more.length > 0 || !version.startsWith('HTTP/')) {
    throw new ParseFailure('HPE_INVALID_CONSTANT', 'Expected HTTP/')
  }
  return { method, url, ...parseVersion(version.slice('HTTP/'.length)) }
}

function parseVersion(text: string): { major: number; minor: number } {
  const match = /^(\d)\.(\d)$/.exec(text)
  if (!match) throw new ParseFailure('HPE_INVALID_VERSION', 'Invalid major version')
  const [major, minor] = [Number(match[1]), Number(match[2])]
  const isKnown = (major === 1 && minor < 2) || (major === 0 && minor === 9) || (major === 2 && minor === 0)
  if (!isKnown) throw new ParseFailure('HPE_INVALID_VERSION', 'Invalid HTTP version')
  return { major, minor }
}

export interface StatusLine {
  status: number
  message: string
  major: number
  minor: number
}

export function parseStatusLine(line: string): StatusLine {
  if (!line.startsWith('HTTP/')) throw new ParseFailure('HPE_INVALID_CONSTANT', 'Expected HTTP/')
  const match = /^HTTP\/(\S+) +(\d{3})(?: (.*))?$/.exec(line)
  if (!match) {
    if (!/^HTTP\/\d\.\d/.test(line)) parseVersion(line.slice('HTTP/'.length).split(' ')[0] ?? '')
    throw new ParseFailure('HPE_INVALID_STATUS', 'Invalid status code')
  }
  return { status: Number(match[2]), message: match[3] ?? '', ...parseVersion(match[1] ?? '') }
}

/** Whether what came so far of a first line can still become one. */
export function checkPartialStart(partial: string, methods: readonly string[] | null): void {
  if (methods === null) {
    if (!'HTTP/'.startsWith(partial.slice(0, 5))) throw new ParseFailure('HPE_INVALID_CONSTANT', 'Expected HTTP/')
    return
  }
  const [method = '', ...more] = partial.split(' ')
  const isPossible = more.length > 0 ? methods.includes(method) : methods.some((known) => known.startsWith(method))
  if (!isPossible) throw invalidMethod(method, methods)
}

function invalidMethod(word: string, methods: readonly string[]): ParseFailure {
  let known = word.length
  while (known > 1 && !methods.some((method) => method.startsWith(word.slice(0, known)))) known -= 1
  return new ParseFailure('HPE_INVALID_METHOD', 'Invalid method encountered', Math.max(1, known))
}

/** One header line as name and value. */
export function parseHeaderLine(line: string, { isLenient }: HeadLimits): [name: string, value: string] {
  const colon = line.indexOf(':')
  const name = colon === -1 ? line : line.slice(0, colon)
  if (colon === -1 || !token.test(name)) throw new ParseFailure('HPE_INVALID_HEADER_TOKEN', 'Invalid header token')
  const value = line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, '')
  if (!isLenient && value.includes('\r')) {
    throw new ParseFailure('HPE_LF_EXPECTED', 'Missing expected LF after header value')
  }
  if (!isLenient && badValue.test(value)) {
    throw new ParseFailure('HPE_INVALID_HEADER_TOKEN', 'Invalid header value char')
  }
  return [name, value]
}
