import type { Executables, FileMap, LinkMap } from '@/lib/workspace'
import type { Sandbox } from './types'

export interface OpenSandboxOptions {
  prefer: Sandbox['kind']
  files: FileMap
  /** Symbolic links; the embedded sandbox alone has them. */
  links?: LinkMap
  /** What of the files is executable; scripts where nothing is said. The embedded sandbox alone heeds it. */
  executables?: Executables
  /** Where the embedded sandbox's bundles are served. */
  baseUrl?: string
  probeTimeoutMs?: number
  bootTimeoutMs?: number
  /** See `EmbeddedSandboxOptions`. */
  cacheScope?: string
  signal?: AbortSignal
}

/**
 * Starts the sandbox that was chosen, or the embedded one with a notice that says why.
 * Both are loaded on demand, so that neither is part of the first load.
 */
export async function openSandbox(options: OpenSandboxOptions): Promise<{ sandbox: Sandbox; notice: string | null }> {
  if (options.prefer === 'embedded') return { sandbox: await openEmbedded(options), notice: null }
  const startedAt = performance.now()
  const { bootWebContainer, createWebContainerSandbox } = await import('./webcontainer')
  const boot = await bootWebContainer(options)
  if (!boot.ok) {
    const notice = `${boot.message} The built-in sandbox runs instead.`
    return { sandbox: await openEmbedded(options), notice }
  }
  const sandbox = await createWebContainerSandbox(boot.container, {
    files: options.files,
    bootMs: performance.now() - startedAt,
    openFork: (files) => openEmbedded({ ...options, files }),
  })
  return { sandbox, notice: null }
}

async function openEmbedded(options: OpenSandboxOptions): Promise<Sandbox> {
  const { createEmbeddedSandbox } = await import('./embedded')
  return createEmbeddedSandbox(options)
}
