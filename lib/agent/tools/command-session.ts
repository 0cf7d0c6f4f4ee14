import { untilAborted } from '@/lib/base'
import type { ExitStatus, SandboxProcess } from '@/lib/sandbox'

/** A running program with the output that the model has not seen yet. */
export interface CommandSession {
  id: number
  child: SandboxProcess
  startedAt: number
  /** Null while it runs. */
  readonly exit: ExitStatus | null
  /** Output since the last call. */
  takeOutput(): string
  /** Begins with what was not taken yet. */
  onText(listener: (text: string) => void): () => void
  /** Resolves when it ended or after `ms`, whichever is first; rejects when the signal aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>
}

/** Programs that outlived the call that started them. One table a thread, so that a later turn can still talk to a server. */
export interface CommandSessions {
  open(child: SandboxProcess): CommandSession
  get(id: number): CommandSession | undefined
  forget(id: number): void
  /** Those still running. */
  list(): CommandSession[]
}

export function createCommandSessions(): CommandSessions {
  const sessions = new Map<number, CommandSession>()
  let lastId = 0
  return {
    open(child) {
      const session = createSession(++lastId, child)
      sessions.set(session.id, session)
      return session
    },
    get: (id) => sessions.get(id),
    forget: (id) => sessions.delete(id),
    list: () => [...sessions.values()].filter(({ exit }) => exit === null),
  }
}

function createSession(id: number, child: SandboxProcess): CommandSession {
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() }
  const listeners = new Set<(text: string) => void>()
  let unseen = ''
  let exit: ExitStatus | null = null
  child.onOutput(({ stream, data }) => {
    const text = decoders[stream].decode(data, { stream: true })
    unseen += text
    for (const listener of listeners) listener(text)
  })
  const ended = child.exit.then((status) => {
    exit = status
  })
  return {
    id,
    child,
    startedAt: performance.now(),
    get exit() {
      return exit
    },
    takeOutput() {
      const text = unseen
      unseen = ''
      return text
    },
    onText(listener) {
      if (unseen !== '') listener(unseen)
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async wait(ms, signal) {
      let timer: ReturnType<typeof setTimeout> | undefined
      const timeUp = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, ms)
      })
      try {
        await untilAborted(Promise.race([ended, timeUp]), signal)
      } finally {
        clearTimeout(timer)
      }
    },
  }
}
