import type { WebContainer } from '@webcontainer/api'
import { messageOf, type Result, sleep } from '@/lib/base'

/** What the vendor's runtime is loaded from; the page's policy must allow to connect to it and to frame it. */
export const webContainerHost = 'https://stackblitz.com'

export interface BootFailure {
  reason: 'not-isolated' | 'unreachable' | 'boot-timeout' | 'boot-failed'
  /** For people: what happened. */
  message: string
}

export interface BootOptions {
  /** Time for the vendor's host to answer at all. */
  probeTimeoutMs?: number
  /** Offline, booting neither ends nor fails, so it is raced. */
  bootTimeoutMs?: number
  signal?: AbortSignal
}

/** Boots the vendor's runtime, or says why it cannot be. Rejects only when `signal` aborts. */
export async function bootWebContainer(
  options: BootOptions = {},
): Promise<Result<{ container: WebContainer }, BootFailure>> {
  const { probeTimeoutMs = 4000, bootTimeoutMs = 20_000, signal } = options
  signal?.throwIfAborted()
  if (!globalThis.crossOriginIsolated) {
    return refuse('not-isolated', 'This page is not cross-origin isolated, which WebContainer needs.')
  }
  if (!(await isReachable(probeTimeoutMs, signal))) {
    return refuse('unreachable', 'WebContainer’s servers cannot be reached.')
  }
  const { WebContainer } = await import('@webcontainer/api')
  const framesBefore = new Set(document.querySelectorAll('iframe'))
  const booting = WebContainer.boot({ coep: 'require-corp' }).then(
    (container) => ({ ok: true as const, container }),
    (error) => refuse('boot-failed', `WebContainer did not start: ${messageOf(error)}`),
  )
  const stop = new AbortController()
  const late = sleep(bootTimeoutMs, signal ? AbortSignal.any([signal, stop.signal]) : stop.signal).then(() =>
    refuse('boot-timeout', `WebContainer did not start within ${Math.round(bootTimeoutMs / 1000)} s.`),
  )
  let outcome: Result<{ container: WebContainer }, BootFailure> | undefined
  try {
    outcome = await Promise.race([booting, late])
    return outcome
  } finally {
    stop.abort()
    late.catch(() => 'The race is over.')
    if (!outcome?.ok) {
      removeVendorFrames(framesBefore)
      void booting.then((result) => result.ok && result.container.teardown())
    }
  }
}

function refuse(reason: BootFailure['reason'], message: string): { ok: false } & BootFailure {
  return { ok: false, reason, message }
}

/** The answer cannot be read (`no-cors`); that there is one is all that counts. */
async function isReachable(timeoutMs: number, signal: AbortSignal | undefined): Promise<boolean> {
  const limit = AbortSignal.timeout(timeoutMs)
  const either = signal ? AbortSignal.any([signal, limit]) : limit
  return fetch(`${webContainerHost}/headless`, { mode: 'no-cors', signal: either }).then(
    () => true,
    () => {
      signal?.throwIfAborted()
      return false
    },
  )
}

function removeVendorFrames(before: ReadonlySet<Element>): void {
  for (const frame of document.querySelectorAll('iframe')) {
    if (!before.has(frame) && frame.src.startsWith(webContainerHost)) frame.remove()
  }
}
