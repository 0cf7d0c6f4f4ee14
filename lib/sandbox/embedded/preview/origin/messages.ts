/** Entries of a preview's storage, as the project keeps them. */
export type StorageEntries = [name: string, value: string][]

/** From the relay to the IDE. It is of the page's own origin, so it is no more trusted than the page. */
export type FromRelay =
  /** The second origin has answered. */
  | { kind: 'hello' }
  /** The worker needs a channel to the server. */
  | { kind: 'ask' }
  | { kind: 'connected' }
  /** From the page's frame: the server answered in place of the worker. */
  | { kind: 'astray' }
  | { kind: 'failed'; reason: string }
  | { kind: 'storage'; entries: unknown }

/** From the IDE to the relay, with a MessagePort to the server. */
export interface ToRelay {
  vitrineConnect: { storage: StorageEntries }
}

/** To the worker. Any page of its origin can send these: they never decide about the policy. */
export type ToWorker =
  /** With a MessagePort to the server. */
  | { vitrineConnect: { storage: StorageEntries } }
  /** A page wants a channel of its own; with a MessagePort. */
  | { vitrineChannel: true }

/** From the worker to the relay. */
export interface FromWorker {
  vitrineWorker: { kind: 'lost' } | { kind: 'connected' } | { kind: 'storage'; entries: StorageEntries }
}

const maxReasonLength = 500

/** The message when `data` has the shape of one, else null. */
export function readFromRelay(data: unknown): FromRelay | null {
  const message = (data as { vitrineRelay?: Partial<Record<string, unknown>> } | null)?.vitrineRelay
  switch (message?.kind) {
    case 'hello':
    case 'ask':
    case 'connected':
    case 'astray':
      return { kind: message.kind }
    case 'failed':
      return { kind: 'failed', reason: String(message.reason).slice(0, maxReasonLength) }
    case 'storage':
      return { kind: 'storage', entries: message.entries }
    default:
      return null
  }
}
