/** What the kernel uses of a `Worker`. */
export interface KernelWorker extends EventTarget {
  onmessage: ((event: MessageEvent) => void) | null
  onerror: ((event: ErrorEvent) => void) | null
  postMessage(message: unknown, transfer?: Transferable[]): void
  terminate(): void
}

export type OpenWorker = (url: string, name: string) => KernelWorker

/** To the document of the frame, which answers with `FromFrame`; see frame.html. Ports are all that moves. */
type ToFrame = { id: number } & ({ url: string; name: string } | { message: unknown } | { end: true })
type FromFrame = { id: number } & ({ data: unknown } | { error: string })

/** The kernel's own Worker global. */
interface FramePort {
  postMessage(message: ToFrame, options?: StructuredSerializeOptions): void
  addEventListener(type: 'message', listener: (event: MessageEvent<FromFrame>) => void): void
}

class FrameWorker extends EventTarget implements KernelWorker {
  onmessage: KernelWorker['onmessage'] = null
  onerror: KernelWorker['onerror'] = null
  readonly postMessage: KernelWorker['postMessage']
  readonly terminate: KernelWorker['terminate']

  constructor({ postMessage, terminate }: Pick<KernelWorker, 'postMessage' | 'terminate'>) {
    super()
    this.postMessage = postMessage
    this.terminate = terminate
    this.addEventListener('message', (event) => event instanceof MessageEvent && this.onmessage?.(event))
    this.addEventListener('error', (event) => event instanceof ErrorEvent && this.onerror?.(event))
  }
}

/**
 * Workers that the frame's document starts and holds for the kernel. In Firefox a Worker that starts another one waits for
 * the page's thread to register it, on a condition variable that it shares with the new one's event loop; when that takes
 * the one wake-up, the starter waits for ever. A document waits for nothing. Elsewhere the kernel's Workers are its own, so
 * that no page that is busy holds up their start or end.
 */
export function createFrameWorkers(frame: FramePort): OpenWorker {
  const workers = new Map<number, FrameWorker>()
  let lastId = 0
  frame.addEventListener('message', ({ data: event }) => {
    const worker = workers.get(event.id)
    if ('error' in event) worker?.dispatchEvent(new ErrorEvent('error', { message: event.error }))
    else worker?.dispatchEvent(new MessageEvent('message', { data: event.data }))
  })
  return (url, name) => {
    const id = ++lastId
    const worker = new FrameWorker({
      postMessage: (message, transfer = []) => frame.postMessage({ id, message }, { transfer }),
      terminate() {
        workers.delete(id)
        frame.postMessage({ id, end: true })
      },
    })
    workers.set(id, worker)
    frame.postMessage({ id, url, name })
    return worker
  }
}
