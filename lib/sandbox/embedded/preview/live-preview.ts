import { createStore, messageOf, type StoreApi, VitrineError } from '@/lib/base'
import type { Workspace } from '@/lib/workspace'
import type { PortConnection, PortEvent } from '../../types'
import { createPortHandler } from '../http/client'
import { type BridgeHandler, serveBridge } from './bridge/server'
import { appendLines, type PreviewLine, placeOfStack, readableStack } from './console-lines'
import type { PickedElement, PreviewMessage, SourcePlace, ToPreview } from './messages'
import { createPageQuestion } from './page-question'
import type { PagePicture } from './picture'
import { findPreviewPage, listPages } from './static/site-files'
import { createStaticServer, staticOrigin } from './static/static-server'

/** How long edits gather before a static page is shown anew, milliseconds. */
const reloadDelayMs = 200
/** A page may log without end: listeners hear of new lines this often, milliseconds. */
const consoleDelayMs = 50
/** How long a port is open before it is shown by itself, milliseconds. */
const serverSettleMs = 400
/** Ports from here on are given out for the asking (`listen(0)`). */
const firstTestPort = 20_000
/** A page may move without end. */
const maxNavigationsPerSecond = 20
/** A page that is busy for longer than this does not tell its text. */
const textTimeoutMs = 3000
/** Drawing a page of thousands of elements takes a while. */
const pictureTimeoutMs = 15_000

export interface PreviewError {
  message: string
  /** Readable, with project paths. */
  stack: string
  place: SourcePlace | null
}

export interface LivePreviewState {
  /** The page shown: `/about.html` of the project itself, or the whole address at a server; null when closed. */
  url: string | null
  title: string
  loading: boolean
  canGoBack: boolean
  canGoForward: boolean
  /** The port of the server that is shown; null for the project's own pages. */
  port: number | null
  /** Where programs listen. */
  ports: readonly number[]
  /** A development server has been asked for and does not listen yet. */
  starting: boolean
  /** What it says meanwhile; after that, why it did not start. */
  startText: string | null
  pages: readonly string[]
  console: readonly PreviewLine[]
  /** The last error of the page, until it is dismissed or the page changes. */
  error: PreviewError | null
  picking: boolean
  picked: PickedElement | null
  /** From the start of its document to the first content on the screen. */
  paintMs: number | null
}

/** The frame that shows the preview, as long as it is mounted. */
export type PreviewFramePost = (message: ToPreview, transfer?: Transferable[]) => void

export interface LivePreview {
  state: StoreApi<LivePreviewState>
  /** Shows an address: a path in the present site, `http://localhost:<port>/…`, or the project's start page. */
  open(reference?: string): void
  openServer(port: number): void
  /** One of the project's own pages, whatever server is shown. */
  openPage(path: string): void
  go(where: 'back' | 'forward' | 'reload'): void
  pick(on: boolean): void
  /** The visible text of the page; null when it does not answer. */
  readText(): Promise<string | null>
  /** What the page looks like now; rejects with a sentence when it cannot be drawn. */
  takePicture(): Promise<PagePicture>
  dismissError(): void
  forgetPicked(): void
  clearConsole(): void
  log(line: Pick<PreviewLine, 'level' | 'text'>): void
  close(): void
  /** Gives up a server that is starting. */
  stopStarting(): void
  /** The frame is there and takes messages, until the returned function is called. */
  attach(post: PreviewFramePost): () => void
  receive(message: PreviewMessage): void
  /** A program began or ceased to listen. */
  portChanged(event: PortEvent): void
  dispose(): void
}

/** A development server on its way. */
export interface StartedServer {
  /** Resolves when it has been given time to listen; rejects with what it said when it ended. */
  done: Promise<void>
  stop(): void
}

export interface LivePreviewOptions {
  workspace: Workspace
  connect(port: number): Promise<PortConnection>
  /** Starts the project's own development server, which will listen; null when it has none. */
  startServer(tell: (progress: string) => void): StartedServer | null
  /** What pages stored, by origin; kept with the project. */
  storage: {
    read(origin: string): [name: string, value: string][]
    write(origin: string, entries: [string, string][]): void
  }
}

const closed = { url: null, title: '', loading: false, canGoBack: false, canGoForward: false, port: null } as const

/** What the preview shows and where; the frame itself belongs to the screen. */
export function createLivePreview({ workspace, connect, startServer, storage }: LivePreviewOptions): LivePreview {
  const state = createStore<LivePreviewState>(() => ({
    ...closed,
    ports: [],
    starting: false,
    startText: null,
    pages: listPages(workspace.files),
    console: [],
    error: null,
    picking: false,
    picked: null,
    paintMs: null,
  }))
  const staticServer = createStaticServer(() => workspace.files)
  const portServer = createPortHandler(connect)
  /** Pages of the project may ask its servers, and the other way round. */
  const servers: BridgeHandler = {
    ...portServer,
    request: (request) => (request.url.origin === staticOrigin ? staticServer : portServer).request(request),
  }
  /** Where the frame is or should go next. */
  let target: string | null = null
  /** The origin whose server the frame is connected to. */
  let connected: string | null = null
  let post: PreviewFramePost | null = null
  let navigations: number[] = []
  const text = createPageQuestion<string | null>({ silence: null, timeoutMs: textTimeoutMs })
  const picture = createPageQuestion<PagePicture | { problem: string }>({
    silence: { problem: 'The page did not answer; it may be busy.' },
    timeoutMs: pictureTimeoutMs,
  })
  let server: StartedServer | null = null

  let fresh: PreviewLine[] = []
  let telling: ReturnType<typeof setTimeout> | undefined
  const tell = () => {
    telling = undefined
    const lines = fresh
    fresh = []
    state.setState(({ console }) => ({ console: appendLines(console, lines) }))
  }
  const addLine = (line: PreviewLine) => {
    fresh.push(line)
    if (fresh.length > 500) fresh.shift()
    telling ??= setTimeout(tell, consoleDelayMs)
  }
  const log: LivePreview['log'] = ({ level, text }) => addLine({ level, text, values: [], count: 1, place: null })
  const isFile = (path: string) => workspace.files.has(path)

  function openChannel(): MessagePort {
    const { port1, port2 } = new MessageChannel()
    serveBridge(port2, servers)
    return port1
  }

  /** Brings the frame to `target`, over a new channel when that is another server. */
  function show() {
    if (target === null || post === null) return
    const { origin } = new URL(target)
    if (connected === origin) return post({ vitrineNavigate: target })
    connected = origin
    post({ vitrineOpen: { url: target, storage: storage.read(origin) } }, [openChannel()])
  }

  function visit(url: string) {
    const now = performance.now()
    navigations = [...navigations.filter((at) => now - at < 1000), now]
    if (navigations.length > maxNavigationsPerSecond) return
    target = url
    const { origin, port } = new URL(url)
    state.setState({ url: shownUrl(url), port: origin === staticOrigin ? null : Number(port), error: null })
    show()
  }

  let reloading: ReturnType<typeof setTimeout> | undefined
  const stop = workspace.subscribe((edit) => {
    if (edit.changes.every(({ path }) => path.startsWith('node_modules/'))) return
    if (edit.changes.some(({ path, before, after }) => path.endsWith('.html') && (before === null || after === null))) {
      state.setState({ pages: listPages(workspace.files) })
    }
    if (connected !== staticOrigin) return
    clearTimeout(reloading)
    reloading = setTimeout(() => post?.({ vitrineGo: 'reload' }), reloadDelayMs)
  })

  function receive(message: PreviewMessage) {
    switch (message.kind) {
      case 'loading':
        fresh = []
        state.setState({ loading: true, console: [], error: null, paintMs: null })
        break
      case 'address': {
        if (target === null || !URL.canParse(message.url) || new URL(message.url).origin !== connected) break
        target = message.url
        const { title, canGoBack, canGoForward } = message
        state.setState({ url: shownUrl(message.url), title, canGoBack, canGoForward, loading: false })
        break
      }
      case 'console':
        addLine({
          level: message.level,
          text: readableStack(message.text),
          values: message.values,
          count: 1,
          place: null,
        })
        break
      case 'error': {
        const stack = readableStack(message.stack)
        const place = placeOfStack(message.stack, isFile)
        addLine({ level: 'error', text: stack || message.message, values: [], count: 1, place })
        state.setState((before) => ({ error: before.error ?? { message: message.message, stack, place } }))
        break
      }
      case 'updated':
        state.setState({ error: null })
        break
      case 'leave':
        leave(message.url)
        break
      case 'picked': {
        // What is picked goes into the user's message: a page that nobody points at has nothing to say there.
        if (!state.getState().picking) break
        const { source } = message.element
        const path = source?.path.replace(/^\/?(home\/project\/)?/, '') ?? ''
        const known = source && isFile(path) ? { ...source, path } : null
        state.setState({ picking: false, picked: { ...message.element, source: known } })
        break
      }
      case 'storage':
        if (message.origin === connected) storage.write(message.origin, message.entries)
        break
      case 'text':
        text.answer(message.text)
        break
      case 'picture':
        picture.answer(message.picture)
        break
      case 'no-picture':
        picture.answer({ problem: message.problem })
        break
      case 'painted':
        state.setState({ paintMs: message.ms })
        break
      case 'ready':
        text.repeat()
        picture.repeat()
        state.setState({ loading: false })
        break
      case 'frame-ready':
        break
    }
  }

  function startDevelopment(): boolean {
    if (state.getState().starting) return true
    const started = startServer((startText) => {
      if (state.getState().starting) state.setState({ startText })
    })
    if (started === null) return false
    server = started
    state.setState({ starting: true, startText: null })
    // One that was given up says nothing of the next.
    const end = (startText: string | null) => {
      if (server === started) state.setState({ starting: false, startText })
    }
    started.done.then(
      () => end(null),
      (error: unknown) => {
        const text = messageOf(error)
        log({ level: 'error', text })
        end(text)
      },
    )
    return true
  }

  function portChanged({ port, open }: PortEvent) {
    const { ports, starting, port: present } = state.getState()
    const others = ports.filter((known) => known !== port)
    state.setState({ ports: open ? [...others, port] : others })
    if (!open) return
    if (starting) return showServer(port)
    // The server of the page that shows was started anew.
    if (port === present && !ports.includes(port)) return post?.({ vitrineGo: 'reload' })
    // A program in the terminal that goes on listening is one to look at; ports for a moment are tests' business.
    setTimeout(() => {
      const { ports: now, port: shown } = state.getState()
      if (port < firstTestPort && now.includes(port) && shown === null) showServer(port)
    }, serverSettleMs)
  }

  function showServer(port: number) {
    state.setState({ starting: false, startText: null })
    visit(`http://localhost:${port}/`)
  }

  function leave(url: string) {
    if (!URL.canParse(url)) return
    const { hostname, port, protocol } = new URL(url)
    const isServer = state.getState().ports.includes(Number(port))
    if (/^(localhost|127\.0\.0\.1)$/.test(hostname) && isServer) visit(url.replace('127.0.0.1', 'localhost'))
    else if (/^https?:$/.test(protocol)) log({ level: 'warn', text: `The preview does not leave the project: ${url}` })
  }

  return {
    state,
    open(reference) {
      const page = findPreviewPage(workspace.files)
      const start = page === null ? null : `${staticOrigin}/${page}`
      if (reference === undefined) {
        const [first] = state.getState().ports
        if (first !== undefined) return visit(`http://localhost:${first}/`)
        if (startDevelopment()) return
        if (start === null) return log({ level: 'info', text: 'This project has no HTML page to show.' })
        return visit(start)
      }
      const base = target ?? start ?? `${staticOrigin}/`
      if (!URL.canParse(reference, base)) return log({ level: 'error', text: `Not an address: ${reference}` })
      const url = new URL(reference, base)
      if (url.origin === new URL(base).origin) visit(url.href)
      else leave(url.href)
    },
    openServer: showServer,
    openPage: (path) => visit(new URL(path, staticOrigin).href),
    portChanged,
    go: (where) => post?.({ vitrineGo: where }),
    pick(on) {
      state.setState({ picking: on })
      post?.({ vitrinePick: on })
    },
    readText: () => text.ask(() => post?.({ vitrineText: true })),
    async takePicture() {
      if (state.getState().url === null) throw new VitrineError('not_found', 'The preview is closed; open it first.')
      const answer = await picture.ask(() => post?.({ vitrinePicture: true }))
      if ('dataUrl' in answer) return answer
      throw new VitrineError('internal_error', `No picture of the page: ${answer.problem}`)
    },
    dismissError: () => state.setState({ error: null }),
    forgetPicked: () => state.setState({ picked: null }),
    clearConsole: () => state.setState({ console: [] }),
    log,
    close() {
      target = null
      connected = null
      fresh = []
      state.setState({ ...closed, console: [], error: null, picking: false, picked: null })
    },
    stopStarting() {
      server?.stop()
      server = null
      state.setState({ starting: false, startText: null })
    },
    attach(send) {
      post = send
      connected = null
      show()
      return () => {
        post = null
        connected = null
      }
    },
    receive(message) {
      try {
        receive(message)
      } catch (error) {
        log({ level: 'error', text: `The preview sent what could not be read: ${messageOf(error)}` })
      }
    },
    dispose() {
      stop()
      text.dispose()
      picture.dispose()
      clearTimeout(reloading)
      clearTimeout(telling)
    },
  }
}

/** The project's own pages go by their path. */
function shownUrl(url: string): string {
  return url.startsWith(`${staticOrigin}/`) ? url.slice(staticOrigin.length) : url
}
