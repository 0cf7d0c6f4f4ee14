/** What the previewed page tells the IDE. It is untrusted: `readPreviewMessage` is the only way in. */
export type PreviewMessage =
  /** The frame takes documents now. */
  | { kind: 'frame-ready' }
  | { kind: 'ready' }
  | { kind: 'console'; level: 'log' | 'info' | 'warn' | 'error'; text: string }
  | { kind: 'navigate'; path: string }

const levels = ['log', 'info', 'warn', 'error'] as const
const maxTextLength = 10_000

/** The message when `data` has the shape of one, else null. Text is cut to 10,000 characters. */
export function readPreviewMessage(data: unknown): PreviewMessage | null {
  if (typeof data !== 'object' || data === null || !('vitrinePreview' in data)) return null
  const message = data.vitrinePreview
  if (typeof message !== 'object' || message === null || !('kind' in message)) return null
  if (message.kind === 'ready' || message.kind === 'frame-ready') return { kind: message.kind }
  if (message.kind === 'console' && 'level' in message && 'text' in message && typeof message.text === 'string') {
    const level = levels.find((known) => known === message.level) ?? 'log'
    return { kind: 'console', level, text: message.text.slice(0, maxTextLength) }
  }
  if (message.kind === 'navigate' && 'path' in message && typeof message.path === 'string') {
    return { kind: 'navigate', path: message.path.slice(0, 1000) }
  }
  return null
}
