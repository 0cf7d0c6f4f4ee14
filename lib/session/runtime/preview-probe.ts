import type { PreviewProbe, PreviewReport } from '@/lib/agent/tools/preview-probe'
import { messageOf, sleep, VitrineError } from '@/lib/base'
import type { LivePreview } from '@/lib/sandbox/embedded/preview'

/** A development server has to start and build first. */
const openTimeoutMs = 30_000
/** An edit is shown this soon after it was made, and a page logs this long after it was loaded. Milliseconds. */
const settleMs = 500
const pollMs = 50

/** The agent’s eyes on the preview pane. */
export function createPreviewProbe(preview: () => LivePreview): PreviewProbe {
  return {
    async look({ port, text, picture, signal }) {
      const live = preview()
      open(live, port)
      await sleep(settleMs, signal)
      const isShown = await until(() => isSettled(live, port), signal)
      const { url } = live.state.getState()
      if (url === null) throw nothingToShow(live)
      await sleep(settleMs, signal)
      const visible = text && isShown ? await live.readText() : null
      return { ...report(live, url, visible), ...(picture && { picture: await pictureOf(live) }) }
    },
  }
}

async function pictureOf(live: LivePreview): Promise<NonNullable<PreviewReport['picture']>> {
  try {
    return await live.takePicture()
  } catch (error) {
    return { problem: messageOf(error) }
  }
}

function open(live: LivePreview, port: number | undefined): void {
  const { url, port: shown, ports, starting } = live.state.getState()
  if (port !== undefined) {
    if (!ports.includes(port)) {
      throw new VitrineError('not_found', `Nothing listens on port ${port}. ${openPorts(ports)}`)
    }
    if (shown !== port) live.openServer(port)
  } else if (url === null && !starting) live.open()
}

function isSettled(live: LivePreview, port: number | undefined): boolean {
  const { url, loading, starting, port: shown, paintMs, error } = live.state.getState()
  if (url === null) return !starting
  return !loading && (port === undefined || shown === port) && (paintMs !== null || error !== null)
}

async function until(isDone: () => boolean, signal: AbortSignal): Promise<boolean> {
  const deadline = performance.now() + openTimeoutMs
  while (!isDone()) {
    if (performance.now() > deadline) return false
    await sleep(pollMs, signal)
  }
  return true
}

function nothingToShow(live: LivePreview): VitrineError {
  const { ports, console } = live.state.getState()
  const said = console.findLast(({ level }) => level === 'error')?.text
  const why = said ?? 'The project has no HTML page, and no server of it listens.'
  return new VitrineError('not_found', `There is nothing to preview. ${why} ${openPorts(ports)}`)
}

function openPorts(ports: readonly number[]): string {
  return ports.length === 0
    ? 'No port is open: start a server first, with yield_time_ms so that it goes on running.'
    : `Open ports: ${ports.join(', ')}.`
}

function report(live: LivePreview, url: string, text: string | null): PreviewReport {
  const { title, console, error } = live.state.getState()
  const lines = console.map(({ level, text: said, count }) => ({ level, text: said, count }))
  const uncaught = error && {
    message: error.message,
    place: error.place && { path: error.place.path, line: error.place.line },
  }
  return { url, title, console: lines, error: uncaught, text }
}
