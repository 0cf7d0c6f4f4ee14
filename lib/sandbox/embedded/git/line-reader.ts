import { joinBytes } from '@/lib/base'
import type { ProcessHost } from '../process/host'

/** Standard input line by line, as answers to questions come; null at its end. */
export function createLineReader({ stdin }: Pick<ProcessHost, 'stdin'>): () => Promise<string | null> {
  let rest = new Uint8Array()
  let isEnded = false
  let wake = () => {}
  stdin.onData((data) => {
    rest = joinBytes([rest, data])
    wake()
  })
  stdin.onEnd(() => {
    isEnded = true
    wake()
  })
  return async () => {
    let end = rest.indexOf(0x0a)
    while (end === -1 && !isEnded) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
      end = rest.indexOf(0x0a)
    }
    if (end === -1 && rest.byteLength === 0) return null
    const line = new TextDecoder().decode(end === -1 ? rest : rest.subarray(0, end))
    rest = end === -1 ? new Uint8Array() : rest.slice(end + 1)
    return line.replace(/\r$/, '')
  }
}
