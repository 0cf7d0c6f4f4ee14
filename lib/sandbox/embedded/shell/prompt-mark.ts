/** What an interactive shell tells its terminal beside its output: where it stands, or what to open in the editor. */
export interface PromptState {
  cwd: string
  branch: string | null
  /** All of the repository, for completion. */
  branches: string[]
  exitCode: number
  /** The line goes on, as after an open quote. */
  isUnfinished: boolean
  /** What was typed while the line ran and no program took. */
  unread: string
}
export interface OpenRequest {
  open: string
  line: number | null
}
/** What was typed for the line that had just ended; the prompt was on its way already. */
export interface LateInput {
  late: string
}
export type ShellMark = PromptState | OpenRequest | LateInput

const lineStart = '\x1e'

/** A line for an interactive shell, told from what is typed for programs; the line feed before it ends that. */
export function encodeLine(line: string): string {
  return `\n${lineStart}${JSON.stringify(line)}\n`
}

/** Whether a text is such a line or its beginning. */
export const isShellLine = (text: string): boolean => text.startsWith(lineStart)

/** Null for what is no line of the shell's. */
export function decodeLine(text: string): string | null {
  if (!isShellLine(text)) return null
  const line: unknown = JSON.parse(text.slice(lineStart.length))
  return typeof line === 'string' ? line : null
}

/** As an escape sequence that no terminal shows. The nonce is known to the shell and its terminal alone. */
export function encodePrompt(nonce: string, mark: ShellMark): string {
  return `\x1b]697;${nonce};${JSON.stringify(mark)}\x07`
}

/** Splits output into what is to be shown and the shell's own marks; a mark may come in parts. */
export function createMarkReader(nonce: string) {
  const start = `\x1b]697;${nonce};`
  let held = ''
  return {
    read(chunk: string): (string | ShellMark)[] {
      const parts: (string | ShellMark)[] = []
      let text = held + chunk
      held = ''
      for (;;) {
        const at = text.indexOf(start)
        if (at === -1) break
        const end = text.indexOf('\x07', at)
        if (at > 0) parts.push(text.slice(0, at))
        if (end === -1) {
          held = text.slice(at)
          return parts
        }
        parts.push(JSON.parse(text.slice(at + start.length, end)) as ShellMark)
        text = text.slice(end + 1)
      }
      // The beginning of a mark may stand at the end.
      const tail = text.lastIndexOf('\x1b')
      if (tail !== -1 && start.startsWith(text.slice(tail))) {
        held = text.slice(tail)
        text = text.slice(0, tail)
      }
      if (text !== '') parts.push(text)
      return parts
    },
  }
}
