// Runs in the browser: a sandbox with a live preview of its project beside it, for tests to drive.
import { fromBase64 } from '@/lib/base'
import { createWorkspace, type FileData, type Workspace } from '@/lib/workspace'
import { findTemplate } from '@/lib/workspace/templates'
import { createEmbeddedSandbox } from '../embedded'
import { createLivePreview, type LivePreview, readPreviewMessage } from '../embedded/preview'
import { createPreviewOrigins } from '../embedded/preview/origin/addresses'
import { createOriginFrame } from '../embedded/preview/origin/origin-frame'
import { mirrorWorkspace } from '../mirror'
import { runCommand } from '../run'
import type { RunResult, Sandbox } from '../types'

declare global {
  interface Window {
    preview: LivePreview
    sandbox: Sandbox
    workspace: Workspace
    /** Files as text, or as base64 where it is no text. */
    openProject(files: Record<string, string | { base64: string }>, cacheScope?: string): Promise<void>
    /** Shows the preview on an origin of its own under `base`, as that of project `id`; answers why it cannot be. */
    useSecondOrigin(base: string, id: string): Promise<string | null>
    /** Runs in the background until it is killed; answers what it has said so far. */
    start(command: string): Promise<{ said(): string; kill(): void; exit: Promise<unknown> }>
    run(command: string): Promise<RunResult>
    filesOfTemplate(name: string): Record<string, string>
    edit(path: string, text: string | null): void
  }
}

window.openProject = async (given, cacheScope) => {
  const files = new Map<string, FileData>()
  for (const [path, data] of Object.entries(given)) {
    files.set(path, typeof data === 'string' ? data : fromBase64(data.base64))
  }
  // As in the IDE: packages are in the sandbox alone.
  window.workspace = createWorkspace(new Map([...files].filter(([path]) => !path.includes('node_modules/'))))
  window.sandbox = await createEmbeddedSandbox({ files, ...(cacheScope !== undefined && { cacheScope }) })
  mirrorWorkspace(window.workspace, window.sandbox, { mounted: window.workspace.files, turnId: () => null })
  const stored = new Map<string, [string, string][]>()
  window.preview = createLivePreview({
    workspace: window.workspace,
    connect: (port) => window.sandbox.connect(port),
    startServer: () => null,
    storage: {
      read: (origin) => stored.get(origin) ?? [],
      write: (origin, entries) => void stored.set(origin, entries),
    },
  })
  window.sandbox.onPort(window.preview.portChanged)
  showFrame()
}
window.useSecondOrigin = async (base, id) => {
  document.querySelector('iframe[data-preview]')?.remove()
  document.querySelector('[data-origin-host]')?.remove()
  const host = document.body.appendChild(document.createElement('div'))
  host.dataset.originHost = ''
  host.style.cssText = 'position:fixed;inset:0'
  const origins = await createPreviewOrigins(base, id)
  return new Promise((resolve) => {
    const frame = createOriginFrame({
      host,
      origins,
      onFailure: resolve,
      receive(message) {
        window.preview.receive(message)
        if (message.kind === 'ready') resolve(null)
      },
    })
    window.preview.attach(frame.post)
  })
}
window.run = (command) => runCommand(window.sandbox, command)
window.filesOfTemplate = (name) => ({ ...findTemplate(name)?.files })
window.edit = (path, text) => void window.workspace.apply([{ path, after: text }], { origin: 'user', label: 'Edit' })
window.start = async (command) => {
  const process = await window.sandbox.spawn(command)
  let text = ''
  process.onOutput(({ data }) => {
    text += new TextDecoder().decode(data)
  })
  return { said: () => text, kill: () => process.kill('SIGKILL'), exit: process.exit }
}

function showFrame() {
  document.querySelector('iframe[data-preview]')?.remove()
  const frame = document.createElement('iframe')
  frame.dataset.preview = ''
  frame.sandbox.value = 'allow-scripts allow-forms allow-modals'
  frame.style.cssText = 'position:fixed;inset:0;width:100%;height:100%;border:0'
  frame.src = '/sandbox/preview.html'
  addEventListener('message', ({ source, data }) => {
    if (source !== frame.contentWindow) return
    const message = readPreviewMessage(data)
    if (message?.kind === 'frame-ready') {
      window.preview.attach((content, transfer = []) => frame.contentWindow?.postMessage(content, '*', transfer))
    } else if (message) window.preview.receive(message)
  })
  document.body.append(frame)
}
