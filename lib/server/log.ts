import { maskSecrets } from '@/lib/safety'

/** The fields a log line may have. There is no field for bodies, headers, file names, tokens or addresses. */
export interface LogFields {
  model?: string
  /** The user sent a key along; never which. */
  ownKey?: true
  stream?: boolean
  items?: number
  bytes?: number
  upstreamStatus?: number
  code?: string
  /** Rules of the content filter that applied. */
  filter?: string
  error?: string
}

export interface LogLine extends LogFields {
  requestId: string
  method: string
  route: string
  status: number
  ms: number
}

/** One line of JSON a request, on standard output. */
export function writeLog(line: LogLine): void {
  console.info(maskSecrets(JSON.stringify({ time: new Date().toISOString(), ...line })))
}
