import 'server-only'
import { VitrineError } from '@/lib/base'
import { maskSecrets } from '@/lib/safety'
import { readBeginning } from '../read-beginning'
import type { ToolServerTarget } from './tool-server-target'
import { tokenPlaceholder } from './without-token'

/** Characters: of a refusal's body, and of what is told of it. */
const maxErrorBody = 16 * 1024
const maxErrorChars = 300

export function toolServerFailure(what: string, cause?: unknown): VitrineError {
  return new VitrineError('tool_server_error', `The server of tools cannot be used: ${what}`, { cause })
}

/** What an answer other than yes means, in our words. */
export async function refusalOf(
  response: Response,
  { target, hadSession }: { target: ToolServerTarget; hadSession: boolean },
): Promise<VitrineError> {
  const { status, headers } = response
  const { token } = target
  const text = await readBeginning(response, maxErrorBody)
  const said = errorIn(token === undefined ? text : text.replaceAll(token, tokenPlaceholder))
  if (status >= 300 && status <= 399) return toolServerFailure('It sent us elsewhere, where we do not follow.')
  if (status === 401 || status === 403) return toolServerFailure(signInSentence(target, status, headers))
  // 404 by the protocol; 400 is what some servers answer instead.
  if (hadSession && (status === 404 || status === 400)) {
    return new VitrineError('tool_session_ended', 'The server of tools no longer knows this session.')
  }
  if (status === 429) return new VitrineError('rate_limit_exceeded', 'The server of tools asks us to slow down.')
  const isElsewhere = status === 404 || status === 405
  const why = said === '' && isElsewhere ? 'there is no MCP over streamable HTTP at this address' : said
  return toolServerFailure(`It answered ${status}${why === '' ? '' : `: ${why}`}.`)
}

function signInSentence({ token, owner }: ToolServerTarget, status: number, headers: Headers): string {
  if (owner === 'operator') {
    return token === undefined
      ? 'It wants a sign-in: whoever runs this IDE can set a token for it.'
      : `It refused the token that whoever runs this IDE set for it (${status}).`
  }
  if (token !== undefined) {
    return status === 401
      ? 'It refused your token (401): it may be mistyped, expired or withdrawn. Paste a new one.'
      : 'It knows your token and does not let it do this (403). Paste one with more rights.'
  }
  // RFC 9728: where to sign in stands behind this word.
  const isOAuth = /\bresource_metadata\s*=/i.test(headers.get('www-authenticate') ?? '')
  return isOAuth
    ? 'It wants a sign-in by OAuth, which this IDE cannot do. Where its makers offer a token (an access token or API key), make one in your account there and paste it as the token.'
    : `It wants a sign-in (${status}). Make a token in your account there and paste it as the token.`
}

/** What a JSON-RPC error says, shortened. */
function errorIn(text: string): string {
  try {
    const body = JSON.parse(text) as { error?: { message?: unknown } } | null
    const message = body?.error?.message
    return typeof message === 'string' ? maskSecrets(message.replaceAll(/\s+/g, ' ').slice(0, maxErrorChars)) : ''
  } catch (error) {
    if (error instanceof SyntaxError) return ''
    throw error
  }
}
