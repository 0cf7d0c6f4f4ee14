/**
 * The one table of error codes: HTTP status, OpenAI error `type`, and what the user can do.
 * `action` is a sentence for people; it is empty when the message alone says enough.
 */
export const errorTable = {
  invalid_request: { status: 400, type: 'invalid_request_error', action: '' },
  invalid_json: { status: 400, type: 'invalid_request_error', action: 'Send a JSON object.' },
  unauthorized: { status: 401, type: 'authentication_error', action: 'Send a valid bearer token.' },
  key_refused: {
    status: 401,
    type: 'authentication_error',
    action: 'Enter another key, or forget it to use the server’s own model.',
  },
  foreign_reasoning: { status: 400, type: 'invalid_request_error', action: 'Start a new conversation.' },
  forbidden_origin: { status: 403, type: 'permission_error', action: 'Call this route from the IDE’s own pages.' },
  policy_denied: { status: 403, type: 'permission_error', action: 'Change the policy in the agent pane.' },
  content_filter: { status: 403, type: 'content_filter', action: 'Rephrase the request.' },
  not_found: { status: 404, type: 'invalid_request_error', action: '' },
  method_not_allowed: { status: 405, type: 'invalid_request_error', action: '' },
  model_not_allowed: { status: 404, type: 'invalid_request_error', action: 'Pick a model from the list.' },
  request_too_large: { status: 413, type: 'invalid_request_error', action: 'Send less context or start a new thread.' },
  input_unknown: { status: 409, type: 'invalid_request_error', action: 'Send the whole input again.' },
  unsupported_media_type: { status: 415, type: 'invalid_request_error', action: 'Send application/json.' },
  rate_limit_exceeded: {
    status: 429,
    type: 'rate_limit_error',
    action: 'Wait a moment; the request is retried by itself.',
  },
  context_length_exceeded: { status: 400, type: 'invalid_request_error', action: 'Start a new thread.' },
  insufficient_quota: { status: 429, type: 'insufficient_quota', action: 'Check the plan and billing of the API key.' },
  server_is_overloaded: { status: 503, type: 'server_error', action: 'Try again in a minute or pick another model.' },
  upstream_error: {
    status: 502,
    type: 'server_error',
    action: 'Try again; if it stays, check OPENAI_BASE_URL and the key.',
  },
  registry_unreachable: {
    status: 502,
    type: 'server_error',
    action:
      'Check the server’s connection and VITRINE_REGISTRY_URL; packages that this tab has installed before still install.',
  },
  package_too_large: { status: 502, type: 'server_error', action: 'Look for a smaller package.' },
  tool_server_error: {
    status: 502,
    type: 'server_error',
    action: 'Check that the server of tools runs, VITRINE_MCP_SERVERS, and VITRINE_MCP_TOKENS if it wants a sign-in.',
  },
  servers_refused: {
    status: 403,
    type: 'permission_error',
    action: 'Whoever runs this IDE can allow it with VITRINE_OWN_MCP_SERVERS=on.',
  },
  tool_session_ended: { status: 404, type: 'invalid_request_error', action: 'Begin a new session.' },
  upstream_timeout: { status: 504, type: 'server_error', action: 'Try again.' },
  stream_cut: { status: 502, type: 'server_error', action: 'Press Retry; finished steps are kept.' },
  offline: { status: 0, type: 'connection_error', action: 'Check the connection, then press Retry.' },
  aborted: { status: 499, type: 'aborted', action: '' },
  internal_error: { status: 500, type: 'server_error', action: 'Try again; if it stays, report it.' },
} as const satisfies Record<string, { status: number; type: string; action: string }>

export type ErrorCode = keyof typeof errorTable

/** An error with a code from the table, so that every layer can turn it into a status, a sentence or a retry. */
export class VitrineError extends Error {
  override readonly name = 'VitrineError'
  readonly code: ErrorCode
  readonly param: string | null
  /** Milliseconds to wait before another try, when the other side said so. */
  readonly retryAfterMs: number | undefined

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; param?: string; retryAfterMs?: number } = {},
  ) {
    super(message, { cause: options.cause })
    this.code = code
    this.param = options.param ?? null
    this.retryAfterMs = options.retryAfterMs
  }

  get status(): number {
    return errorTable[this.code].status
  }
}

/** The body of every error response, in the OpenAI shape. */
export interface ErrorBody {
  error: { message: string; type: string; code: string; param: string | null }
}

export function toErrorBody(error: VitrineError): ErrorBody {
  return { error: { message: error.message, type: errorTable[error.code].type, code: error.code, param: error.param } }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
