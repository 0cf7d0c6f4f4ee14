import type { Signal } from '../../signals'
import type { SendToKernel } from './kernel-client'

type Listener = (signal: Signal) => void

/** Tells the kernel which signals somebody listens to: each other ends the process without asking it. */
export function createSignals(send: SendToKernel) {
  const listeners = new Map<Signal, Set<Listener>>()
  const tell = () => send({ type: 'signals', handled: [...listeners.keys()] })
  return {
    listen(signal: Signal, listener: Listener): () => void {
      const present = listeners.get(signal)
      if (present) present.add(listener)
      else {
        listeners.set(signal, new Set([listener]))
        tell()
      }
      return () => {
        const set = listeners.get(signal)
        if (!set?.delete(listener) || set.size > 0) return
        listeners.delete(signal)
        tell()
      }
    },
    receive(signal: Signal) {
      send({ type: 'signal-taken' })
      for (const listener of [...(listeners.get(signal) ?? [])]) listener(signal)
    },
  }
}
