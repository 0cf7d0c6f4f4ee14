import { type ErrorCode, errorTable } from '@/lib/base'
import type { ModelFailure } from '../types'
import type { WireResponse } from './wire'

const maxDelayMs = 60_000

type Kind = ModelFailure['kind']

/** Codes of `response.failed` that are known; all others may pass when tried again. */
const failures: Record<string, { kind: Kind; code: ErrorCode; message?: string }> = {
  context_length_exceeded: { kind: 'fatal', code: 'context_length_exceeded' },
  insufficient_quota: { kind: 'fatal', code: 'insufficient_quota' },
  usage_not_included: { kind: 'fatal', code: 'insufficient_quota' },
  cyber_policy: {
    kind: 'fatal',
    code: 'content_filter',
    message: 'The provider’s cyber security policy stopped this request.',
  },
  content_filter: { kind: 'fatal', code: 'content_filter' },
  model_not_found: { kind: 'fatal', code: 'model_not_allowed' },
  invalid_encrypted_content: {
    kind: 'fatal',
    code: 'foreign_reasoning',
    message: 'The model’s server cannot read thoughts in this conversation that came from another key or model.',
  },
  invalid_prompt: { kind: 'fatal', code: 'invalid_request' },
  bio_policy: { kind: 'fatal', code: 'invalid_request' },
  server_is_overloaded: { kind: 'fatal', code: 'server_is_overloaded' },
  slow_down: { kind: 'fatal', code: 'server_is_overloaded' },
  rate_limit_exceeded: { kind: 'retryable', code: 'rate_limit_exceeded' },
}

/** What `response.failed` and `error` events mean for the turn. */
export function classifyFailure(error: WireResponse['error']): ModelFailure {
  const rule = failures[error?.code ?? '']
  const message = error?.message?.trim() || rule?.message || 'The model’s server reported a failure without saying why.'
  if (rule === undefined) return { kind: 'retryable', code: knownCode(error?.code) ?? 'upstream_error', message }
  const delayMs = rule.kind === 'retryable' ? delayInMessage(message) : undefined
  return { kind: rule.kind, code: rule.code, message, ...(delayMs === undefined ? {} : { delayMs }) }
}

/** An unfinished response: out of tokens may pass when tried again, a filter's cut will not. */
export function classifyIncomplete(reason: string | null | undefined): ModelFailure {
  const message = `Incomplete response returned, reason: ${reason ?? 'unknown'}`
  if (reason === 'content_filter') return { kind: 'fatal', code: 'content_filter', message }
  return { kind: 'retryable', code: 'upstream_error', message }
}

export interface HttpFailure {
  status: number
  headers: Headers
  /** The body's `error` object, when it has one. */
  error: WireResponse['error']
}

/** What an HTTP error status means for the turn: 408, 429 and 5xx may pass, other refusals will not. */
export function classifyHttpFailure({ status, headers, error }: HttpFailure): ModelFailure {
  const code = knownCode(error?.code) ?? codeOfStatus(status)
  const message = error?.message?.trim() || `The model’s server answered with status ${status}.`
  const isPassing = status === 408 || status === 409 || status === 429 || status >= 500
  if (!isPassing || code === 'insufficient_quota' || error?.code === 'usage_not_included') {
    return { kind: 'fatal', code, message }
  }
  const delayMs = retryAfterMs(headers) ?? delayInMessage(message)
  return { kind: 'retryable', code, message, ...(delayMs === undefined ? {} : { delayMs }) }
}

/** The wait that the server asks for in `retry-after-ms` or `Retry-After` (seconds or a date), at most a minute. */
export function retryAfterMs(headers: Headers, now: number = Date.now()): number | undefined {
  const milliseconds = Number.parseFloat(headers.get('retry-after-ms') ?? '')
  if (milliseconds >= 0) return capDelay(milliseconds)
  const value = headers.get('retry-after')?.trim() ?? ''
  if (/^\d+(\.\d+)?$/.test(value)) return capDelay(Number(value) * 1000)
  // `Date.parse` reads nearly anything as a date; an HTTP date has words.
  const at = /^[a-z]/i.test(value) ? Date.parse(value) : Number.NaN
  return Number.isNaN(at) ? undefined : capDelay(at - now)
}

/** Rate limits say it in words: “try again in 1.898s”, “28ms”, “35 seconds”. */
function delayInMessage(message: string): number | undefined {
  const found = /try again in\s+(\d+(?:\.\d+)?)\s*(ms|milliseconds?|s|sec|seconds?|m|minutes?)\b/i.exec(message)
  if (found === null) return undefined
  const unit = found[2]?.toLowerCase() ?? 's'
  const factor = unit.startsWith('ms') || unit.startsWith('milli') ? 1 : unit.startsWith('m') ? 60_000 : 1000
  return capDelay(Number(found[1]) * factor)
}

function capDelay(delayMs: number): number {
  return Math.round(Math.min(maxDelayMs, Math.max(0, delayMs)))
}

function knownCode(code: string | null | undefined): ErrorCode | undefined {
  if (!code) return undefined
  return code in errorTable ? (code as ErrorCode) : failures[code]?.code
}

function codeOfStatus(status: number): ErrorCode {
  if (status === 401) return 'unauthorized'
  if (status === 403) return 'policy_denied'
  if (status === 404) return 'not_found'
  if (status === 413) return 'request_too_large'
  if (status === 415) return 'unsupported_media_type'
  if (status === 429) return 'rate_limit_exceeded'
  if (status === 408 || status === 504) return 'upstream_timeout'
  if (status === 503 || status === 529) return 'server_is_overloaded'
  return status >= 500 ? 'upstream_error' : 'invalid_request'
}
