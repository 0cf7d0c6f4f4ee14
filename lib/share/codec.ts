import { decodeUtf8, encodeUtf8, fromBase64Url, type Result, toBase64Url } from '@/lib/base'
import { deflateRaw, inflateRaw } from './deflate'
import { type ShareRefusal, ShareRefused, shareLimits } from './limits'
import { fromPayload, type SharedProject, toPayload } from './payload'

export { type ShareRefusal, ShareRefused, shareLimits } from './limits'
export type { SharedProject, SharePayload } from './payload'

/** `v1.` and the project as base64url(deflate-raw(JSON)). Equal projects give equal text. Throws `ShareRefused`. */
export async function encodeProject(project: SharedProject): Promise<string> {
  const json = encodeUtf8(JSON.stringify(toPayload(project)))
  const packed = await deflateRaw(json)
  if (packed.byteLength > shareLimits.compressedBytes) throw tooLargeForLink()
  const body = toBase64Url(packed)
  await inflateRaw(slicesOf(body))
  return `v1.${body}`
}

/**
 * Reads what `encodeProject` wrote, with or without the leading `#`. Never throws for bad input: links come from
 * strangers. `message` is a sentence for people that says what to do.
 */
export async function decodeProject(
  text: string,
): Promise<Result<{ project: SharedProject }, { reason: ShareRefusal; message: string }>> {
  try {
    const bytes = await inflateRaw(slicesOf(unwrap(text)))
    return { ok: true, project: fromPayload(parseJson(bytes)) }
  } catch (error) {
    if (error instanceof ShareRefused) return { ok: false, reason: error.reason, message: error.message }
    throw error
  }
}

const maxEncodedLength = Math.ceil((shareLimits.compressedBytes * 4) / 3)

function unwrap(text: string): string {
  const [, version, body] = /^#?v(\d{1,6})\.(.*)$/s.exec(text) ?? []
  if (version === undefined || body === undefined) {
    throw new ShareRefused('not-a-share', 'This is not a project link. A link begins with “#v1.” after the address.')
  }
  if (version !== '1')
    throw new ShareRefused(
      'newer-version',
      'The link was made by a newer version. Reload this page to update, then open it again.',
    )
  if (body.length > maxEncodedLength) throw tooLargeForLink()
  if (!/^[\w-]+$/.test(body) || body.length % 4 === 1) throw damaged()
  return body
}

/** 1,364 characters are 1,023 bytes: small enough to stop a bomb early, and only what is needed gets decoded. */
const sliceLength = 1364

function* slicesOf(body: string): Generator<Uint8Array<ArrayBuffer>> {
  for (let at = 0; at < body.length; at += sliceLength) yield fromBase64Url(body.slice(at, at + sliceLength))
}

function parseJson(bytes: Uint8Array): unknown {
  const text = decodeUtf8(bytes)
  if (text === null) throw damaged()
  try {
    return JSON.parse(text)
  } catch (error) {
    throw damaged(error)
  }
}

function damaged(cause?: unknown): ShareRefused {
  return new ShareRefused('damaged', 'The link is damaged. Copy it again, whole, from where it was made.', { cause })
}

function tooLargeForLink(): ShareRefused {
  return new ShareRefused(
    'too-large',
    `The project is too large for a link (${shareLimits.compressedBytes / 1024} KB packed). Download it as a .zip or leave out large files.`,
  )
}
