import { fromLatin1, toBase64 } from '@/lib/base'

/** One block of a PEM file (RFC 7468, and the headers of RFC 1421 that encrypted keys of old carry). */
export interface PemBlock {
  readonly label: string
  readonly bytes: Uint8Array
  readonly headers: ReadonlyMap<string, string>
}

const block = /-----BEGIN ([^-\r\n]+)-----[ \t]*\r?\n([\s\S]*?)-----END \1-----/
const lineLength = 64

export function readPem(text: string): PemBlock | undefined {
  const found = block.exec(text)
  if (!found) return undefined
  const [, label = '', inside = ''] = found
  const headers = new Map<string, string>()
  let body = inside
  const headed = /^((?:[A-Za-z-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)+)\r?\n/.exec(inside)
  if (headed) {
    body = inside.slice(headed[0].length)
    for (const [, name = '', value = ''] of headed[0].matchAll(/^([A-Za-z-]+):[ \t]*([^\r\n]*)/gm))
      headers.set(name, value)
  }
  const bytes = fromBase64(body.replace(/\s+/g, ''))
  return bytes && { label, bytes, headers }
}

export function writePem(label: string, bytes: Uint8Array, headers: readonly string[] = []): string {
  const lines = toBase64(bytes).match(new RegExp(`.{1,${lineLength}}`, 'g')) ?? []
  const head = headers.length > 0 ? [...headers, ''] : []
  return `${[`-----BEGIN ${label}-----`, ...head, ...lines, `-----END ${label}-----`].join('\n')}\n`
}

/** Either alphabet, padded or not; undefined for what is neither. */
export function fromBase64(text: string): Uint8Array | undefined {
  const plain = text.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '')
  if (!/^[A-Za-z0-9+/]*$/.test(plain) || plain.length % 4 === 1) return undefined
  return fromLatin1(atob(plain))
}
