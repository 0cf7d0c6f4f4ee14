import { isAbort, messageOf } from '@/lib/base'
import { createTerminalFilter } from '@/lib/safety'
import type { SandboxProcess } from '@/lib/sandbox'
import type { Session } from '@/lib/session/types'
import { cellsOf } from './cells'
import { changeFolder, completePath } from './completion'
import { emptyLine, type Line, lineActions, lineText, toLine } from './line-editor'

export interface Screen {
  write(text: string): void
  clear(): void
  size(): { columns: number; rows: number }
}

export interface Shell {
  /** What the keyboard or the clipboard sent. */
  input(data: string): void
  resized(): void
  dispose(): void
}

const historyKey = 'terminal-history'
const maxHistory = 200

/**
 * One prompt: edits a line, runs it as one process in the sandbox, shows its output, comes back.
 * `cd` is the prompt's own; all else is the sandbox's shell.
 */
export function createShell(session: Session, screen: Screen): Shell {
  const history = [...(session.memory.get<string[]>(historyKey) ?? [])]
  let line: Line = emptyLine
  let historyAt = history.length
  let cwd = ''
  /** The row of the cursor below the row where the prompt begins. */
  let cursorRow = 0
  let running: Running | null = null
  let queued = ''
  let disposed = false

  const paths = () => session.workspace.files.keys()
  const promptText = () => (cwd === '' ? '~' : `~/${cwd}`)

  function draw() {
    const { columns } = screen.size()
    const before = cellsOf(`${promptText()} ❯ `)
    const total = before + cellsOf(lineText(line))
    const cursor = before + cellsOf(line.characters.slice(0, line.cursor).join(''))
    const [lastRow, row] = [Math.floor(total / columns), Math.floor(cursor / columns)]
    // A full last column leaves the cursor on it; the extra line feed makes the row count true.
    const wrap = total > 0 && total % columns === 0 ? '\r\n' : ''
    screen.write(
      `${up(cursorRow)}\r\x1b[J\x1b[90m${promptText()}\x1b[0m \x1b[34m❯\x1b[0m ${lineText(line)}${wrap}${up(lastRow - row)}\r${right(cursor % columns)}`,
    )
    cursorRow = row
  }

  function newPrompt() {
    line = emptyLine
    historyAt = history.length
    cursorRow = 0
    if (!disposed) draw()
  }

  function leaveLine() {
    line = toLine(lineText(line))
    draw()
    screen.write('\r\n')
    cursorRow = 0
  }

  function remember(command: string) {
    if (history.at(-1) !== command) history.push(command)
    session.memory.set(historyKey, history.slice(-maxHistory))
  }

  function submit() {
    const command = lineText(line).trim()
    leaveLine()
    if (command === '') return newPrompt()
    remember(command)
    const folder = /^cd(?:\s+([^;&|]*))?$/.exec(command)
    if (folder) {
      const next = changeFolder(cwd, folder[1] ?? '', paths())
      if (next === null) screen.write(`cd: ${folder[1]}: no such folder in the project\r\n`)
      else cwd = next
      return newPrompt()
    }
    if (command === 'clear') {
      screen.clear()
      return newPrompt()
    }
    running = createRunning(screen)
    void run(command, running)
  }

  async function run(command: string, current: Running) {
    try {
      await current.start(session.runtime.spawn(command, { cwd, terminal: screen.size() }))
    } catch (error) {
      if (!isAbort(error)) screen.write(`\x1b[31m${messageOf(error)}\x1b[0m\r\n`)
    }
    running = null
    newPrompt()
    const next = queued
    queued = ''
    if (next !== '' && !disposed) input(next)
  }

  function recall(step: -1 | 1) {
    historyAt = Math.max(0, Math.min(history.length, historyAt + step))
    line = toLine(history[historyAt] ?? '')
    draw()
  }

  function complete() {
    const head = line.characters.slice(0, line.cursor).join('')
    const { text, choices } = completePath(head, cwd, paths())
    if (choices.length > 0 && text === head) {
      screen.write(`\r\n${choices.join('  ')}\r\n`)
      cursorRow = 0
    }
    line = { characters: [...text, ...line.characters.slice(line.cursor)], cursor: [...text].length }
    draw()
  }

  function edit(data: string) {
    for (const action of lineActions(data, () => line)) {
      if (action.type === 'submit') submit()
      else if (action.type === 'history') recall(action.step)
      else if (action.type === 'complete') complete()
      else if (action.type === 'interrupt') {
        leaveLine()
        newPrompt()
      } else if (action.type === 'clear') {
        screen.clear()
        cursorRow = 0
        draw()
      } else if (action.type === 'change') {
        line = action.line
        draw()
      }
    }
  }

  /** Pasted lines run one after the other: what follows a command waits for its end. */
  function input(data: string) {
    if (running) return running.input(data)
    const [first = '', ...rest] = data.replaceAll('\r\n', '\r').split(/(?<=[\r\n])/)
    edit(first)
    if (rest.length === 0) return
    if (running) queued += rest.join('')
    else input(rest.join(''))
  }

  newPrompt()
  return {
    input,
    resized() {
      if (running) running.resize()
      else draw()
    },
    dispose() {
      disposed = true
      running?.kill()
    },
  }
}

type Running = ReturnType<typeof createRunning>

/** A process in the foreground: shows its output, echoes and sends what is typed, line by line. */
function createRunning(screen: Screen) {
  const filters = { stdout: createTerminalFilter(), stderr: createTerminalFilter() }
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() }
  let child: SandboxProcess | null = null
  let typed = ''
  let atLineStart = true
  let interrupts = 0

  const show = (text: string) => {
    if (text === '') return
    screen.write(text.replaceAll('\n', '\r\n'))
    atLineStart = text.endsWith('\n')
  }
  const kill = () => {
    interrupts += 1
    child?.kill(interrupts > 1 ? 'SIGKILL' : 'SIGINT')
  }
  return {
    async start(starting: Promise<SandboxProcess>) {
      child = await starting
      const stop = child.onOutput(({ stream, data }) =>
        show(filters[stream].push(decoders[stream].decode(data, { stream: true }))),
      )
      if (interrupts > 0) child.kill('SIGINT')
      const { timedOut } = await child.exit
      stop()
      if (!atLineStart) screen.write('\r\n')
      if (timedOut) screen.write('\x1b[33mStopped: it took too long.\x1b[0m\r\n')
    },
    input(data: string) {
      for (const character of data.replaceAll('\r\n', '\r')) {
        if (character === '\x03') {
          show('^C\n')
          kill()
        } else if (character === '\x04') child?.closeStdin()
        else if (character === '\r') {
          show('\n')
          child?.write(`${typed}\n`)
          typed = ''
        } else if (character === '\x7f' && typed !== '') {
          typed = [...typed].slice(0, -1).join('')
          screen.write('\b \b')
        } else if (character >= ' ' && character !== '\x7f') {
          typed += character
          show(character)
        }
      }
    },
    resize: () => child?.resize(screen.size()),
    kill,
  }
}

function up(rows: number): string {
  return rows > 0 ? `\x1b[${rows}A` : ''
}

function right(columns: number): string {
  return columns > 0 ? `\x1b[${columns}C` : ''
}
