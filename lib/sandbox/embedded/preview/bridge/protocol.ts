/** What goes over one MessagePort between a previewed page and the server that answers it. Neither side trusts the other. */
export type ToServer =
  | { type: 'request'; id: number; method: string; url: string; headers: [string, string][]; body: Uint8Array | null }
  | { type: 'abort'; id: number }
  | { type: 'socket'; id: number; url: string; protocols: string[] }
  | { type: 'socket-send'; id: number; data: string | Uint8Array }
  | { type: 'socket-close'; id: number; code: number; reason: string }
  /** Comes with a MessagePort: a further channel to the same server. */
  | { type: 'channel' }

export type FromServer =
  | { type: 'head'; id: number; status: number; statusText: string; headers: [string, string][] }
  | { type: 'body'; id: number; data: Uint8Array }
  | { type: 'end'; id: number }
  /** The answer failed, before its head or after. */
  | { type: 'failed'; id: number; message: string }
  | { type: 'socket-opened'; id: number; protocol: string }
  | { type: 'socket-message'; id: number; data: string | Uint8Array }
  | { type: 'socket-closed'; id: number; code: number; reason: string }
