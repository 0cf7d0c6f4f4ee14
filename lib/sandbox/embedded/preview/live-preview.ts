import { createStore, messageOf, type StoreApi } from '@/lib/base'
import type { Workspace } from '@/lib/workspace'
import { buildPreviewDocument, findPreviewPage, resolveReference } from './build-document'

/** How long edits gather before the page is shown anew, milliseconds. */
const rebuildDelayMs = 200
const maxConsoleLines = 500

export interface PreviewLine {
  level: 'log' | 'info' | 'warn' | 'error'
  text: string
}

export interface LivePreviewState {
  /** The page shown, e.g. `/index.html`; null when closed. */
  url: string | null
  document: string | null
  console: PreviewLine[]
}

export interface LivePreview {
  state: StoreApi<LivePreviewState>
  /** Shows a page, the project's start page by default; links are resolved against the page shown. */
  open(reference?: string): void
  log(line: PreviewLine): void
  close(): void
  dispose(): void
}

/** Keeps the document of the previewed page up to date while files change. */
export function createLivePreview(workspace: Workspace): LivePreview {
  const state = createStore<LivePreviewState>(() => ({ url: null, document: null, console: [] }))
  let page: string | null = null
  let builds = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const log = (line: PreviewLine) =>
    state.setState(({ console }) => ({ console: [...console, line].slice(-maxConsoleLines) }))

  const rebuild = async () => {
    const shown = page
    if (shown === null) return
    const build = ++builds
    try {
      const document = await buildPreviewDocument(workspace.files, shown)
      if (build === builds && page === shown) state.setState({ url: `/${shown}`, document, console: [] })
    } catch (error) {
      log({ level: 'error', text: `The preview of ${shown} could not be built: ${messageOf(error)}` })
    }
  }

  const stop = workspace.subscribe((edit) => {
    if (page === null || edit.changes.every(({ path }) => path.startsWith('node_modules/'))) return
    clearTimeout(timer)
    timer = setTimeout(() => void rebuild(), rebuildDelayMs)
  })

  const close = () => {
    page = null
    state.setState({ url: null, document: null, console: [] })
  }

  return {
    state,
    open(reference) {
      const target =
        reference === undefined
          ? findPreviewPage(workspace.files)
          : resolveReference(workspace.files, page ?? '', reference)
      if (target === null) {
        log({
          level: 'error',
          text: reference === undefined ? 'This project has no HTML page to show.' : `Not in the project: ${reference}`,
        })
        return
      }
      page = target
      void rebuild()
    },
    log,
    close,
    dispose() {
      stop()
      clearTimeout(timer)
      close()
    },
  }
}
