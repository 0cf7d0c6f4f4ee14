import { encodeUtf8, joinBytes } from '@/lib/base'
import type { MachineHost } from '../process/machine-host'

export interface HttpRequest {
  port: number
  method: string
  /** With the query. */
  path: string
  headers: [string, string][]
  body: Uint8Array | null
}

export interface HttpAnswer {
  status: number
  reason: string
  headers: [string, string][]
  body: Uint8Array
}

/** One HTTP/1.1 request to a port on which a process of the machine listens. Rejects when nobody does. */
export async function fetchFromPort(host: MachineHost, request: HttpRequest): Promise<HttpAnswer> {
  const bytes = await exchange(host, request)
  const end = indexOfBytes(bytes, encodeUtf8('\r\n\r\n'))
  if (end === -1) throw new Error('Empty reply from server')
  const [statusLine = '', ...lines] = new TextDecoder().decode(bytes.subarray(0, end)).split('\r\n')
  const status = /^HTTP\/1\.[01] (\d{3}) ?(.*)$/.exec(statusLine)
  if (!status) throw new Error('Received HTTP/0.9 when not allowed')
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon), line.slice(colon + 1).trim()]
  })
  const isChunked = headers.some(
    ([name, value]) => name.toLowerCase() === 'transfer-encoding' && /chunked/i.test(value),
  )
  const rest = bytes.subarray(end + 4)
  return { status: Number(status[1]), reason: status[2] ?? '', headers, body: isChunked ? joinChunks(rest) : rest }
}

function exchange(host: MachineHost, { port, method, path, headers, body }: HttpRequest): Promise<Uint8Array> {
  const { kernel } = host
  if (!kernel) return Promise.reject(new Error('Connection refused'))
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = []
    const finish = () => resolve(joinBytes(chunks))
    const wire = kernel.connect(port, {
      connected: () => undefined,
      refused: () => reject(new Error('Connection refused')),
    })
    wire.onClose(finish)
    wire.onData((data) => {
      if (data) chunks.push(data)
      else {
        wire.close()
        finish()
      }
    })
    const head = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
    wire.write(encodeUtf8(`${method} ${path} HTTP/1.1\r\n${head}\r\n`))
    if (body) wire.write(body)
  })
}

function joinChunks(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = []
  let at = 0
  for (;;) {
    const end = bytes.indexOf(13, at)
    const size = Number.parseInt(new TextDecoder().decode(bytes.subarray(at, end)), 16)
    if (!(size > 0)) return joinBytes(parts)
    parts.push(bytes.subarray(end + 2, end + 2 + size))
    at = end + 2 + size + 2
  }
}

function indexOfBytes(bytes: Uint8Array, wanted: Uint8Array): number {
  for (let at = bytes.indexOf(wanted[0] ?? 0); at !== -1; at = bytes.indexOf(wanted[0] ?? 0, at + 1)) {
    if (wanted.every((byte, index) => bytes[at + index] === byte)) return at
  }
  return -1
}
