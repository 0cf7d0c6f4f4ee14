import { fromBase64 } from '@/lib/base'

/** Answers `data:` and `blob:` addresses from the page itself, as its policy lets `fetch` connect to nothing. */
export function installLocalFiles(): (url: string) => Response | null {
  const blobs = new Map<string, Blob>()
  const create = URL.createObjectURL.bind(URL)
  const revoke = URL.revokeObjectURL.bind(URL)
  URL.createObjectURL = (object) => {
    const url = create(object)
    if (object instanceof Blob) blobs.set(url, object)
    return url
  }
  URL.revokeObjectURL = (url) => {
    blobs.delete(url)
    revoke(url)
  }
  return (url) => {
    const plain = url.replace(/#.*/s, '')
    const blob = /^data:/i.test(plain) ? readDataUrl(plain) : blobs.get(plain)
    if (!blob) return null
    const headers = { 'content-type': blob.type, 'content-length': String(blob.size) }
    const response = new Response(blob, { status: 200, statusText: 'OK', headers })
    Object.defineProperty(response, 'url', { value: plain })
    return response
  }
}

/** Undefined when it is none. */
export function readDataUrl(url: string): Blob | undefined {
  const [, type = '', base64, data = ''] = /^data:([^,]*?)(;\s*base64)?,(.*)$/is.exec(url) ?? []
  if (!url.includes(',')) return undefined
  const bytes = base64 === undefined ? percentDecoded(data) : fromBase64(decodeURIComponent(data).replace(/\s/g, ''))
  return new Blob([bytes], { type: type === '' ? 'text/plain;charset=US-ASCII' : type })
}

function percentDecoded(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new TextEncoder().encode(text)
  const decoded: number[] = []
  for (let at = 0; at < bytes.length; at++) {
    const hex = bytes[at] === 0x25 ? String.fromCharCode(bytes[at + 1] ?? 0, bytes[at + 2] ?? 0) : ''
    if (/^[\da-f]{2}$/i.test(hex)) {
      decoded.push(Number.parseInt(hex, 16))
      at += 2
    } else decoded.push(bytes[at] ?? 0)
  }
  return new Uint8Array(decoded)
}
