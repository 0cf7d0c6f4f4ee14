import { mergeSignals, VitrineError } from '@/lib/base'
import { isFirefox } from '../engine'
import { frameSandbox } from '../headers.mjs'
import type { KernelBoot } from '../protocol'
import type { Bundles } from './bundles'

const readyTimeoutMs = 15_000

export interface Frame {
  /** Leads to the kernel. */
  port: MessagePort
  close(): void
}

/**
 * Puts the sandbox frame on the page, waits until it speaks, and hands it the kernel and a private port.
 * The frame is of an opaque origin, so `'*'` is the only target it can be addressed by; source and nonce tell it apart.
 */
export async function openFrame(bundles: Bundles, signal?: AbortSignal): Promise<Frame> {
  const iframe = document.createElement('iframe')
  const nonce = crypto.randomUUID()
  iframe.setAttribute('sandbox', frameSandbox)
  iframe.allow = 'cross-origin-isolated'
  iframe.title = 'Sandbox'
  iframe.hidden = true
  iframe.src = `${bundles.frameUrl}#${nonce}`
  const ready = waitForReady(iframe, nonce, mergeSignals(signal, readyTimeoutMs))
  document.body.append(iframe)
  try {
    const [kernel, process] = await Promise.all([bundles.load('kernel'), bundles.loadWithAssets('process'), ready])
    const { port1, port2 } = new MessageChannel()
    const boot: KernelBoot = { kernel, process, starter: isFirefox() ? 'frame' : 'kernel' }
    iframe.contentWindow?.postMessage(boot, '*', [port2])
    return {
      port: port1,
      close() {
        port1.close()
        iframe.remove()
      },
    }
  } catch (error) {
    iframe.remove()
    throw error
  }
}

function waitForReady(iframe: HTMLIFrameElement, nonce: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (settle: () => void) => {
      removeEventListener('message', onMessage)
      signal.removeEventListener('abort', onAbort)
      settle()
    }
    const onMessage = ({ source, data }: MessageEvent) => {
      if (source !== iframe.contentWindow || data?.vitrineFrame !== 'ready' || data.nonce !== nonce) return
      stop(resolve)
    }
    const onAbort = () => stop(() => reject(abortError(signal.reason)))
    addEventListener('message', onMessage)
    signal.addEventListener('abort', onAbort)
    if (signal.aborted) onAbort()
  })
}

function abortError(reason: unknown): unknown {
  const timedOut = reason instanceof DOMException && reason.name === 'TimeoutError'
  return timedOut ? new VitrineError('internal_error', 'The sandbox frame did not start.', { cause: reason }) : reason
}
