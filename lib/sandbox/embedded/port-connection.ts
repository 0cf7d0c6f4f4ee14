import { VitrineError } from '@/lib/base'
import type { PortConnection } from '../types'
import type { Wire } from './wire'

/** A wire as the streams of the platform. */
export function toPortConnection(wire: Wire): PortConnection {
  let isOver = false
  const readable = new ReadableStream<Uint8Array>({
    start(controller) {
      const finish = () => {
        if (isOver) return
        isOver = true
        controller.close()
      }
      wire.pause()
      wire.onData((data) => {
        if (isOver) return
        if (data === null) return finish()
        controller.enqueue(data)
        if ((controller.desiredSize ?? 0) <= 0) wire.pause()
      })
      wire.onClose(finish)
    },
    pull: () => wire.resume(),
    cancel() {
      isOver = true
      wire.close()
    },
  })
  let isGone = false
  const writable = new WritableStream<Uint8Array>({
    async write(data) {
      if (isGone) throw new VitrineError('internal_error', 'The process has closed the connection.')
      if (!wire.write(data)) await wire.drained()
    },
    close: () => wire.end(),
    abort() {
      isGone = true
      wire.close()
    },
  })
  return { readable, writable }
}
