import { VitrineError } from '@/lib/base'

export interface JsonLimits {
  maxBytes: number
  maxDepth: number
  timeoutMs: number
}

const defaultJsonLimits: JsonLimits = { maxBytes: 2 * 1024 * 1024, maxDepth: 64, timeoutMs: 30_000 }

/** Reads a JSON object within limits: by what arrives, never by what the length header claims. */
export async function readJson(
  request: Request,
  limits: JsonLimits = defaultJsonLimits,
): Promise<Record<string, unknown>> {
  requireJson(request)
  const text = await readText(request, limits)
  if (isTooDeep(text, limits.maxDepth))
    throw new VitrineError('invalid_json', `The body is nested deeper than ${limits.maxDepth} levels.`)
  const body = parse(text)
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new VitrineError('invalid_json', 'The body must be a JSON object.')
  return body as Record<string, unknown>
}

function requireJson(request: Request): void {
  const type = request.headers.get('content-type') ?? ''
  if (!/^application\/json(?:\s*;|$)/i.test(type))
    throw new VitrineError('unsupported_media_type', 'The body must be application/json.')
  const encoding = request.headers.get('content-encoding') ?? 'identity'
  if (encoding.toLowerCase() !== 'identity')
    throw new VitrineError('unsupported_media_type', 'The body must not be compressed.')
}

async function readText(request: Request, { maxBytes, timeoutMs }: JsonLimits): Promise<string> {
  const tooLarge = () =>
    new VitrineError('request_too_large', `The body is larger than ${Math.floor(maxBytes / 1024)} KiB.`)
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge()
  const reader = request.body?.getReader()
  if (!reader) return ''
  const chunks: Uint8Array[] = []
  let size = 0
  const timer = setTimeout(() => void reader.cancel('The body took too long.'), timeoutMs)
  const deadline = Date.now() + timeoutMs
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      size += part.value.byteLength
      if (size > maxBytes) throw tooLarge()
      chunks.push(part.value)
    }
  } catch (error) {
    await reader.cancel().catch(() => undefined)
    throw error instanceof VitrineError
      ? error
      : new VitrineError('invalid_request', 'The body was cut off.', { cause: error })
  } finally {
    clearTimeout(timer)
  }
  if (Date.now() >= deadline) throw new VitrineError('invalid_request', 'The body took too long.')
  return decode(Buffer.concat(chunks))
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    throw new VitrineError('invalid_json', 'The body is not valid UTF-8.', { cause: error })
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new VitrineError('invalid_json', 'The body is not valid JSON.', { cause: error })
  }
}

/** Counts brackets outside strings before parsing, so that no nesting reaches a recursive function. */
function isTooDeep(text: string, maxDepth: number): boolean {
  let depth = 0
  let inString = false
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at)
    if (inString) {
      if (char === 0x5c) at++
      else if (char === 0x22) inString = false
    } else if (char === 0x22) inString = true
    else if (char === 0x7b || char === 0x5b) {
      if (++depth > maxDepth) return true
    } else if (char === 0x7d || char === 0x5d) depth--
  }
  return false
}
