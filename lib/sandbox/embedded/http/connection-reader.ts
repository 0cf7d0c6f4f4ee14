import type { PortConnection } from '../../types'
import { type ByteReader, createByteReader } from './byte-reader'
import { type HeaderList, parseHeaders, readBody } from './messages'

export function readerOf({ readable }: PortConnection): ByteReader & { cancel(): void } {
  const reader = readable.getReader()
  const bytes = createByteReader(async () => (await reader.read()).value ?? null)
  // Nobody waits for the end of a connection that is no longer wanted.
  return { ...bytes, cancel: () => void reader.cancel().catch(() => undefined) }
}

export interface ResponseHead {
  status: number
  statusText: string
  headers: HeaderList
}

/** The answer to a request of this method; `body` is null where there can be none. */
export async function readResponse(
  reader: ByteReader,
  method: string,
): Promise<ResponseHead & { body: AsyncGenerator<Uint8Array<ArrayBuffer>> | null }> {
  const head = await readResponseHead(reader)
  const hasBody = method !== 'HEAD' && head.status !== 204 && head.status !== 304
  return { ...head, body: hasBody ? readBody(reader, head.headers, true) : null }
}

export async function readResponseHead(reader: ByteReader): Promise<ResponseHead> {
  for (;;) {
    const text = await reader.head()
    if (text === null) throw new Error('The server closed the connection without an answer.')
    const [first = '', ...lines] = text.split('\r\n')
    const [, status, statusText = ''] = /^HTTP\/1\.[01] (\d{3}) ?(.*)$/.exec(first) ?? []
    if (status === undefined) throw new Error(`The server's answer is no HTTP: ${first.slice(0, 100)}`)
    // 100 Continue and the like come before the answer.
    if (status.startsWith('1') && status !== '101') continue
    return { status: Number(status), statusText, headers: parseHeaders(lines) }
  }
}
