import { createId } from '@/lib/base'

export interface ProjectLock {
  readonly state: 'writer' | 'reader'
  /** Asks the writer to save and let go; takes the lock by force when it does not answer. Resolves as the writer. */
  takeOver(): Promise<void>
  /**
   * Called once when another tab takes over: become read-only at once. A returned promise, e.g. of a last flush, is
   * waited for before the other tab begins.
   */
  onLost(listener: () => void | Promise<void>): () => void
  release(): void
}

export interface ProjectLockOptions {
  /** Web Locks; outside secure contexts there are none, and every tab is a writer until the store fences it off. */
  locks?: LockManager | undefined
  /** How long the other tab has to let go. */
  patienceMs?: number
}

/** One writing tab a project, by Web Lock: a crashed tab loses it by itself. */
export async function projectLock(id: string, options: ProjectLockOptions = {}): Promise<ProjectLock> {
  const { locks = globalThis.navigator?.locks, patienceMs = 1_500 } = options
  const name = `vitrine:project:${id}`
  const self = createId('tab_')
  const listeners = new Set<() => void | Promise<void>>()
  const channel = new BroadcastChannel(name)
  let letGo: (() => void) | null = null
  let isReleased = false

  /** Resolves to whether the lock was granted; it is then held until `letGo`. */
  function acquire(request: LockOptions): Promise<boolean> {
    return new Promise((resolve, reject) => {
      if (!locks) {
        letGo = () => undefined
        resolve(true)
        return
      }
      locks
        .request(name, request, (lock) => {
          resolve(lock !== null)
          if (!lock) return
          return new Promise<void>((done) => {
            letGo = done
          })
        })
        // Rejects while waiting when `signal` aborts, and while held when another tab steals it.
        .catch((error) => (letGo ? lose() : reject(error)))
    })
  }

  async function lose(): Promise<void> {
    const held = letGo
    if (!held) return
    letGo = null
    await Promise.allSettled([...listeners].map(async (listener) => listener()))
    held()
  }

  channel.onmessage = ({ data }: MessageEvent<{ takeOver: string }>) => {
    if (data.takeOver !== self) void lose()
  }
  await acquire({ ifAvailable: true })

  return {
    get state() {
      return letGo ? 'writer' : 'reader'
    },
    async takeOver() {
      if (letGo || isReleased) return
      channel.postMessage({ takeOver: self })
      try {
        await acquire({ signal: AbortSignal.timeout(patienceMs) })
      } catch (error) {
        if (!(error instanceof DOMException && error.name === 'TimeoutError')) throw error
        await acquire({ steal: true })
      }
    },
    onLost(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    release() {
      isReleased = true
      channel.close()
      letGo?.()
      letGo = null
    },
  }
}
