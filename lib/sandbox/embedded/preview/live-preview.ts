import { createStore, messageOf, type StoreApi } from '@/lib/base'
import type { Workspace } from '@/lib/workspace'
import { buildPreviewDocument, findPreviewPage, resolveReference } from './build-document'

/** How long edits gather before the page is shown anew, milliseconds. */
const rebuildDelayMs = 200
const maxConsoleLines = 500
/** A page may log without end: listeners hear of new lines this often, milliseconds. */
const consoleDelayMs = 50

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

  let fresh: PreviewLine[] = []
  let telling: ReturnType<typeof setTimeout> | undefined
  const tell = () => {
    telling = undefined
    const lines = fresh
    fresh = []
    state.setState(({ console }) => ({ console: [...console, ...lines].slice(-maxConsoleLines) }))
  }
  const log = (line: PreviewLine) => {
    fresh.push(line)
    if (fresh.length > maxConsoleLines) fresh.shift()
    telling ??= setTimeout(tell, consoleDelayMs)
  }
  const show = (next: Pick<LivePreviewState, 'url' | 'document'>) => {
    fresh = []
    state.setState({ ...next, console: [] })
  }

  let builtAt = Number.NEGATIVE_INFINITY
  const rebuild = async () => {
    const shown = page
    if (shown === null) return
    builtAt = performance.now()
    const build = ++builds
    try {
      const document = await buildPreviewDocument(workspace.files, shown)
      if (build === builds && page === shown) show({ url: `/${shown}`, document })
    } catch (error) {
      log({ level: 'error', text: `The preview of ${shown} could not be built: ${messageOf(error)}` })
    }
  }

  const rebuildSoon = () => {
    clearTimeout(timer)
    timer = setTimeout(() => void rebuild(), rebuildDelayMs)
  }

  const stop = workspace.subscribe((edit) => {
    if (page === null || edit.changes.every(({ path }) => path.startsWith('node_modules/'))) return
    rebuildSoon()
  })

  const close = () => {
    page = null
    show({ url: null, document: null })
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
      // A page may ask for others without end.
      if (performance.now() - builtAt < rebuildDelayMs) rebuildSoon()
      else void rebuild()
    },
    log,
    close,
    dispose() {
      stop()
      clearTimeout(timer)
      clearTimeout(telling)
      close()
    },
  }
}
