import { byteLength, encodeUtf8 } from '@/lib/base'

/** How much of an output the model gets. A token counts as four bytes. */
export interface TruncateLimits {
  mode: 'bytes' | 'tokens'
  limit: number
}

const bytesPerToken = 4
const toolOutputLimits: TruncateLimits = { mode: 'tokens', limit: 10_000 }

/** A tool's output for the model: cut in the middle when it is too long, with a header that says how long it was. */
export function truncateOutput(text: string, limits: TruncateLimits = toolOutputLimits): string {
  const bytes = byteLength(text)
  if (bytes <= byteBudget(limits)) return text
  const header = `Warning: truncated output (original token count: ${toTokens(bytes)})\nTotal output lines: ${countLines(text)}`
  return `${header}\n\n${truncateMiddle(text, limits)}`
}

/** Head and tail with a mark of what is missing; each half of the budget, the odd byte for the tail. */
export function truncateMiddle(text: string, limits: TruncateLimits): string {
  const bytes = byteLength(text)
  const budget = byteBudget(limits)
  if (bytes <= budget) return text
  const head = Math.floor(budget / 2)
  const split = splitAtBytes(text, head, budget - head)
  const removed = limits.mode === 'tokens' ? `${toTokens(bytes - budget)} tokens` : `${split.removedChars} chars`
  return `${split.head}…${removed} truncated…${split.tail}`
}

/** The longest head and tail within their byte counts that break no character; they never overlap. */
export function splitAtBytes(text: string, headBytes: number, tailBytes: number) {
  const bytes = encodeUtf8(text)
  let headEnd = Math.min(headBytes, bytes.length)
  while (headEnd < bytes.length && isContinuation(bytes[headEnd])) headEnd -= 1
  let tailStart = Math.max(headEnd, bytes.length - tailBytes)
  while (tailStart < bytes.length && isContinuation(bytes[tailStart])) tailStart += 1
  let removedChars = 0
  for (let at = headEnd; at < tailStart; at++) if (!isContinuation(bytes[at])) removedChars += 1
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  return {
    removedChars,
    head: decoder.decode(bytes.subarray(0, headEnd)),
    tail: decoder.decode(bytes.subarray(tailStart)),
  }
}

function byteBudget({ mode, limit }: TruncateLimits): number {
  return mode === 'tokens' ? limit * bytesPerToken : limit
}

function toTokens(bytes: number): number {
  return Math.ceil(bytes / bytesPerToken)
}

function countLines(text: string): number {
  const breaks = text.split('\n').length
  return text.endsWith('\n') ? breaks - 1 : breaks
}

/** A byte inside a UTF-8 character, not its first. */
function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80
}
