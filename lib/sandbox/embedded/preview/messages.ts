import { type PagePicture, readPicture } from './picture'

/** A value that a page logged, as far as it is shown: text, or an object with some of its entries. */
export type LogValue = string | { text: string; entries: [key: string, value: LogValue][] }

export type LogLevel = 'debug' | 'log' | 'info' | 'warn' | 'error'

/** Where something is in the user's files, 1-based. */
export interface SourcePlace {
  path: string
  line: number
  column: number
}

export interface PickedElement {
  selector: string
  html: string
  /** Of the component that made it, where the framework says so. */
  source: SourcePlace | null
}

/** What the previewed page tells the IDE. It is untrusted: `readPreviewMessage` is the only way in. */
export type PreviewMessage =
  /** The frame takes addresses now. */
  | { kind: 'frame-ready' }
  | { kind: 'loading'; url: string }
  | { kind: 'address'; url: string; title: string; canGoBack: boolean; canGoForward: boolean }
  | { kind: 'ready' }
  | { kind: 'painted'; ms: number }
  | { kind: 'console'; level: LogLevel; text: string; values: LogValue[] }
  | { kind: 'error'; message: string; stack: string }
  /** A hot update has run. */
  | { kind: 'updated' }
  /** A link to another origin. */
  | { kind: 'leave'; url: string }
  /** The visible text, as asked for. */
  | { kind: 'text'; text: string }
  /** What the page looks like, as asked for. */
  | { kind: 'picture'; picture: PagePicture }
  | { kind: 'no-picture'; problem: string }
  | { kind: 'picked'; element: PickedElement }
  | { kind: 'storage'; origin: string; entries: [name: string, value: string][] }

/** From the IDE to the frame. */
export type ToPreview =
  /** Comes with a MessagePort to the server. */
  | { vitrineOpen: { url: string; storage: [name: string, value: string][] } }
  | { vitrineGo: 'back' | 'forward' | 'reload' }
  | { vitrineNavigate: string }
  | { vitrinePick: boolean }
  | { vitrineText: true }
  | { vitrinePicture: true }

const levels = ['debug', 'log', 'info', 'warn', 'error'] as const
const maxTextLength = 10_000
/** The visible text of a page, in characters. */
const maxPageText = 40_000
const maxStorageLength = 1_000_000

type Fields = Partial<Record<string, unknown>>

/** The message when `data` has the shape of one, else null. Text is cut to 10,000 characters. */
export function readPreviewMessage(data: unknown): PreviewMessage | null {
  const message = fieldsOf(fieldsOf(data)?.vitrinePreview)
  switch (message?.kind) {
    case 'ready':
    case 'frame-ready':
    case 'updated':
      return { kind: message.kind }
    case 'painted':
      return typeof message.ms === 'number' ? { kind: 'painted', ms: message.ms } : null
    case 'loading':
    case 'leave':
      return { kind: message.kind, url: cut(message.url, 2000) }
    case 'address':
      return {
        kind: 'address',
        url: cut(message.url, 2000),
        title: cut(message.title, 200),
        canGoBack: message.canGoBack === true,
        canGoForward: message.canGoForward === true,
      }
    case 'console':
      return {
        kind: 'console',
        level: levels.find((known) => known === message.level) ?? 'log',
        text: cut(message.text),
        values: readValues(message.values),
      }
    case 'error':
      return { kind: 'error', message: cut(message.message), stack: cut(message.stack) }
    case 'text':
      return { kind: 'text', text: cut(message.text, maxPageText) }
    case 'picture': {
      const picture = readPicture(message.picture)
      return picture ? { kind: 'picture', picture } : { kind: 'no-picture', problem: 'The page sent no picture.' }
    }
    case 'no-picture':
      return { kind: 'no-picture', problem: cut(message.problem, 300) }
    case 'picked': {
      const element = fieldsOf(message.element)
      if (!element) return null
      const picked = { selector: cut(element.selector, 500), html: cut(element.html, 2000) }
      return { kind: 'picked', element: { ...picked, source: readPlace(element.source) } }
    }
    case 'storage':
      return { kind: 'storage', origin: cut(message.origin, 200), entries: readEntries(message.entries) }
    default:
      return null
  }
}

function fieldsOf(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null ? value : null
}

function cut(value: unknown, length = maxTextLength): string {
  return typeof value === 'string' ? value.slice(0, length) : ''
}

function readPlace(value: unknown): SourcePlace | null {
  const place = fieldsOf(value)
  if (!place || typeof place.path !== 'string') return null
  const { line, column } = place
  return { path: cut(place.path, 300), line: Number(line) || 1, column: Number(column) || 1 }
}

function readValues(value: unknown): LogValue[] {
  let left = 500
  const read = (entry: unknown, depth: number): LogValue => {
    left -= 1
    const fields = fieldsOf(entry)
    if (!fields || depth > 5) return cut(entry, 2000)
    const entries = Array.isArray(fields.entries) ? fields.entries.slice(0, Math.max(0, left)) : []
    return {
      text: cut(fields.text, 200),
      entries: entries.flatMap((pair): [string, LogValue][] =>
        Array.isArray(pair) && left > 0 ? [[cut(pair[0], 100), read(pair[1], depth + 1)]] : [],
      ),
    }
  }
  return Array.isArray(value) ? value.slice(0, 50).map((entry) => read(entry, 0)) : []
}

function readEntries(value: unknown): [string, string][] {
  if (!Array.isArray(value)) return []
  let length = 0
  return value.flatMap((pair): [string, string][] => {
    if (!Array.isArray(pair) || typeof pair[0] !== 'string' || typeof pair[1] !== 'string') return []
    length += pair[0].length + pair[1].length
    return length > maxStorageLength ? [] : [[pair[0], pair[1]]]
  })
}
