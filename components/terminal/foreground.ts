import { createTerminalFilter } from '@/lib/safety'
import type { SandboxProcess } from '@/lib/sandbox'
import { createRawModeReader } from '@/lib/sandbox/embedded/raw-mode'
import { cellsOf } from './cells'

export interface Screen {
  write(text: string): void
  clear(): void
  size(): { columns: number; rows: number }
}

type Child = Pick<SandboxProcess, 'write' | 'closeStdin'>
type Stream = 'stdout' | 'stderr'

/** A program that takes keys itself gets Ctrl+C as one; who presses it so often in a row wants the program to end. */
const insistentPresses = 3
const insistentWithinMs = 2000

/** Shows what a program writes, and takes what is typed for it: echoed and line by line, or key by key on request. */
export function createForeground(screen: Screen) {
  const columns = () => screen.size().columns
  const filters = { stdout: createTerminalFilter({ columns }), stderr: createTerminalFilter({ columns }) }
  const readers = { stdout: createRawModeReader(), stderr: createRawModeReader() }
  let typed = ''
  let atLineStart = true
  let isRaw = false
  let presses: number[] = []
  /** Lines that the program was given, for the arrow keys. */
  let given: string[] = []
  let givenAt = 0

  const showSafe = (text: string) => {
    if (text === '') return
    screen.write(text.replaceAll(/\r?\n/g, '\r\n'))
    atLineStart = text.endsWith('\n')
  }

  const erase = (text: string) => screen.write('\b \b'.repeat(cellsOf(text)))

  function recall(step: -1 | 1) {
    givenAt = Math.max(0, Math.min(given.length, givenAt + step))
    erase(typed)
    typed = given[givenAt] ?? ''
    showSafe(typed)
  }

  function takeLine(child: Child | null) {
    showSafe('\n')
    child?.write(`${typed}\n`)
    if (typed !== '' && typed !== given.at(-1)) given.push(typed)
    givenAt = given.length
    typed = ''
  }

  function sendKeys(data: string, child: Child | null, interrupt: () => void) {
    child?.write(data)
    if (data !== '\x03') return
    const now = performance.now()
    presses = [...presses.filter((at) => now - at < insistentWithinMs), now]
    if (presses.length >= insistentPresses) interrupt()
  }

  return {
    show(stream: Stream, text: string) {
      for (const part of readers[stream](text)) {
        if (typeof part === 'boolean') isRaw = part
        else showSafe(filters[stream].push(part))
      }
    },
    /** The prompt begins on a line of its own, in a terminal as it was before the program. Answers what was not sent yet. */
    finish(): string {
      const unsent = typed
      if (isRaw) screen.write('\x1b[?25h')
      if (!atLineStart) screen.write('\r\n')
      for (const filter of Object.values(filters)) filter.begin()
      atLineStart = true
      isRaw = false
      typed = ''
      presses = []
      given = []
      givenAt = 0
      return unsent
    },
    input(data: string, child: Child | null, interrupt: () => void) {
      if (isRaw) return sendKeys(data, child, interrupt)
      if (data.startsWith('\x1b')) {
        if (data === '\x1b[A' || data === '\x1bOA') recall(-1)
        else if (data === '\x1b[B' || data === '\x1bOB') recall(1)
        return
      }
      for (const character of data.replaceAll('\r\n', '\r')) {
        if (character === '\x03') {
          showSafe('^C\n')
          interrupt()
        } else if (character === '\x1a') {
          showSafe('^Z\nA program cannot be paused here. Start it with & to run it beside the shell.\n')
        } else if (character === '\x04') child?.closeStdin()
        else if (character === '\r') takeLine(child)
        else if (character === '\x7f' && typed !== '') {
          const last = [...typed].at(-1) ?? ''
          typed = typed.slice(0, -last.length)
          erase(last)
        } else if (character >= ' ' && character !== '\x7f') {
          typed += character
          showSafe(character)
        }
      }
    },
  }
}
