import { encodeUtf8, joinBytes, toLatin1 } from '@/lib/base'
import { readerOf, readResponse } from '../http/connection-reader'
import { type HeaderList, writeHead } from '../http/messages'
import { toPortConnection } from '../port-connection'
import type { MachineHost } from '../process/machine-host'
import type { Wire } from '../wire'

export interface HttpRequest {
  port: number
  method: string
  /** With the query. */
  path: string
  headers: HeaderList
  body: Uint8Array | null
}

export interface HttpAnswer {
  status: number
  statusText: string
  headers: HeaderList
  body: Uint8Array
}

/** One HTTP/1.1 request to a port on which a process of the machine listens; null when nobody does. */
export async function fetchFromPort(host: MachineHost, request: HttpRequest): Promise<HttpAnswer | null> {
  const wire = await connect(host, request.port)
  if (!wire) return null
  const connection = toPortConnection(wire)
  const writer = connection.writable.getWriter()
  const reader = readerOf(connection)
  try {
    const headers = request.headers.map(([name, value]): HeaderList[number] => [name, toLatin1(encodeUtf8(value))])
    await writer.write(writeHead(`${request.method} ${request.path} HTTP/1.1`, headers))
    // A server may answer without having taken all of it.
    if (request.body) writer.write(request.body).catch(() => undefined)
    const { body, ...head } = await readResponse(reader, request.method)
    const parts: Uint8Array[] = []
    for await (const part of body ?? []) parts.push(part)
    return { ...head, body: joinBytes(parts) }
  } finally {
    reader.cancel()
  }
}

function connect({ kernel }: MachineHost, port: number): Promise<Wire | null> {
  return new Promise((resolve) => {
    if (!kernel) return resolve(null)
    const wire = kernel.connect(port, { connected: () => resolve(wire), refused: () => resolve(null) })
  })
}
