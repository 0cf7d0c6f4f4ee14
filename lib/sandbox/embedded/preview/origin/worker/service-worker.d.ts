// What of a Service Worker's globals is used here; the DOM library describes pages only.
declare module 'virtual:origin-page' {
  /** The first script of pages of the second origin, bundled. */
  const source: string
  export default source
}

interface WorkerClient {
  readonly url: string
  postMessage(message: unknown, transfer?: Transferable[]): void
}

interface FetchEvent extends Event {
  readonly request: Request
  respondWith(response: Response | Promise<Response>): void
}

interface ExtendableMessageEvent extends MessageEvent {
  waitUntil(work: Promise<unknown>): void
}

interface ServiceWorkerGlobal extends EventTarget {
  readonly location: Location
  readonly clients: {
    claim(): Promise<void>
    matchAll(options: { type: 'window'; includeUncontrolled: boolean }): Promise<WorkerClient[]>
  }
  skipWaiting(): Promise<void>
  addEventListener(type: 'install' | 'activate' | 'message', listener: (event: ExtendableMessageEvent) => void): void
  addEventListener(type: 'fetch', listener: (event: FetchEvent) => void): void
}
