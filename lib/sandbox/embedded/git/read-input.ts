import { joinBytes } from '@/lib/base'
import type { ProcessHost } from '../process/host'

/** All that comes on standard input. */
export function readInput({ stdin }: Pick<ProcessHost, 'stdin'>): Promise<Uint8Array> {
  return new Promise((resolve) => {
    const chunks: Uint8Array[] = []
    stdin.onData((data) => chunks.push(data))
    stdin.onEnd(() => resolve(joinBytes(chunks)))
  })
}
