import { VitrineError } from '@/lib/base'
import { ownKeyHeader } from '@/lib/models'
import { openAiUrl, type Settings } from '../env'

/**
 * The settings of one request: with a key of the user's own it goes to the operator's model server (else to OpenAI)
 * with that key in place of the operator's. The key is never kept: it lives as long as the request does.
 */
export function settingsFor(request: Request, settings: Settings): Settings {
  const key = request.headers.get(ownKeyHeader)
  if (key === null) return settings
  if (!settings.ownKeys) {
    throw new VitrineError('key_refused', 'This server takes no keys of its users (VITRINE_OWN_KEYS is off).')
  }
  if (!/^[\x21-\x7e]{8,512}$/.test(key)) {
    throw new VitrineError('key_refused', 'A key is 8 to 512 printable characters without blanks.')
  }
  return { ...settings, openAiKey: key, isOwnKey: true, upstream: settings.upstream ?? openAiUrl }
}

/** Shorter ones are no secrets, and stand in other words. */
const minKeyLength = 8

/** Whatever the model server says of the key, a user's or the operator's: where it repeats it, a placeholder stands. */
export function withoutKey<Value>(value: Value, { openAiKey, isOwnKey }: Settings): Value {
  if (openAiKey === null || openAiKey.length < minKeyLength) return value
  const text = JSON.stringify(value)
  const written = JSON.stringify(openAiKey).slice(1, -1)
  const placeholder = isOwnKey ? '«your key»' : '«key of the server»'
  return text?.includes(written) ? JSON.parse(text.replaceAll(written, placeholder)) : value
}
