import type { Session } from '@/lib/session/types'
import { cellsOf } from './cells'
import { complete as completeLine } from './completion'
import type { Screen } from './foreground'
import { type HistorySearch, searchKey } from './history-search'
import { emptyLine, type Line, lineActions, lineText, toLine } from './line-editor'
import type { Runner } from './runner'

export type { Screen } from './foreground'

export interface Shell {
  /** What the keyboard or the clipboard sent. */
  input(data: string): void
  resized(): void
  dispose(): void
}

const historyKey = 'terminal-history'
const maxHistory = 500

/** The prompt of a terminal: edits a line, has it run, comes back. What runs it is the runner's business. */
export function createShell(session: Session, screen: Screen, runner: Runner): Shell {
  let history = [...(session.memory.get<string[]>(historyKey) ?? [])]
  let line: Line = emptyLine
  let historyAt = history.length
  let draft = ''
  let searching: HistorySearch | null = null
  /** The row of the cursor below the row where the prompt begins. */
  let cursorRow = 0
  let isRunning = false
  let queued = ''
  let disposed = false

  function prompt(): { plain: string; painted: string } {
    const { cwd, branch, isUnfinished } = runner.place()
    if (searching) {
      const text = `(search) ${searching.query}: `
      return { plain: text, painted: `\x1b[90m${text}\x1b[0m` }
    }
    if (isUnfinished) return { plain: '> ', painted: '\x1b[90m> \x1b[0m' }
    const folder = shown(cwd === '' ? '~' : cwd.startsWith('/') ? cwd : `~/${cwd}`)
    const on = branch === null ? '' : ` ${shown(branch)}`
    return { plain: `${folder}${on} ❯ `, painted: `\x1b[90m${folder}\x1b[0m\x1b[35m${on}\x1b[0m \x1b[34m❯\x1b[0m ` }
  }

  function draw() {
    const { columns } = screen.size()
    const { plain, painted } = prompt()
    const before = cellsOf(plain)
    const total = before + cellsOf(lineText(line))
    const cursor = before + cellsOf(line.characters.slice(0, line.cursor).join(''))
    const [lastRow, row] = [Math.floor(total / columns), Math.floor(cursor / columns)]
    // A full last column leaves the cursor on it; the extra line feed makes the row count true.
    const wrap = total > 0 && total % columns === 0 ? '\r\n' : ''
    screen.write(
      `${up(cursorRow)}\r\x1b[J${painted}${lineText(line)}${wrap}${up(lastRow - row)}\r${right(cursor % columns)}`,
    )
    cursorRow = row
  }

  function newPrompt() {
    line = emptyLine
    historyAt = history.length
    draft = ''
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
    // Other terminals of the project add to the same history.
    history = [...(session.memory.get<string[]>(historyKey) ?? [])]
    if (history.at(-1) !== command) history.push(command)
    history = history.slice(-maxHistory)
    session.memory.set(historyKey, history)
  }

  function submit() {
    const text = lineText(line)
    const { isUnfinished } = runner.place()
    const command = isUnfinished ? text : text.trim()
    leaveLine()
    if (command === '' && !isUnfinished) return newPrompt()
    if (command !== '') remember(command)
    if (command === 'clear') {
      screen.clear()
      return newPrompt()
    }
    if (command === 'history') {
      screen.write(history.map((entry, index) => `${String(index + 1).padStart(5)}  ${entry}\r\n`).join(''))
      return newPrompt()
    }
    isRunning = true
    void runner.run(command).then(finished)
  }

  function finished(typedAhead: string) {
    isRunning = false
    newPrompt()
    const next = typedAhead + queued
    queued = ''
    if (next !== '' && !disposed) input(next)
  }

  function recall(step: -1 | 1) {
    if (historyAt === history.length) draft = lineText(line)
    historyAt = Math.max(0, Math.min(history.length, historyAt + step))
    line = toLine(history[historyAt] ?? draft)
    draw()
  }

  function complete() {
    const head = line.characters.slice(0, line.cursor).join('')
    const { cwd, branches } = runner.place()
    const { text, choices } = completeLine(head, { cwd, branches, files: session.workspace.files })
    if (choices.length > 0 && text === head) {
      screen.write(`\r\n${choices.join('  ')}\r\n`)
      cursorRow = 0
    }
    line = { characters: [...text, ...line.characters.slice(line.cursor)], cursor: [...text].length }
    draw()
  }

  /** One key while Ctrl+R looks through the history; true when the key was used up. */
  function searchWith(key: string): boolean {
    if (!searching) return false
    const step = searchKey(key, searching, history)
    if (step.type === 'search') {
      searching = step.search
      line = toLine(history[searching.at] ?? '')
      draw()
      return true
    }
    searching = null
    if (step.type === 'cancel') line = toLine(draft)
    draw()
    return step.type === 'cancel'
  }

  function edit(data: string) {
    if (searching) {
      // Typed text comes key by key, pasted text at once: both are a query.
      if (searchWith(data)) return
    }
    for (const action of lineActions(data, () => line)) {
      if (action.type === 'submit') submit()
      else if (action.type === 'history') recall(action.step)
      else if (action.type === 'complete') complete()
      else if (action.type === 'search') {
        draft = lineText(line)
        searching = { query: '', at: history.length }
        draw()
      } else if (action.type === 'interrupt') {
        runner.reset()
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
    if (isRunning) return runner.input(data)
    const [first = '', ...rest] = data.replaceAll('\r\n', '\r').split(/(?<=[\r\n])/)
    edit(first)
    if (rest.length === 0) return
    if (isRunning) queued += rest.join('')
    else input(rest.join(''))
  }

  runner.onLateInput((data) => {
    if (!disposed) input(data)
  })
  newPrompt()
  return {
    input,
    resized() {
      if (isRunning) runner.resize()
      else draw()
    },
    dispose() {
      disposed = true
      runner.dispose()
    },
  }
}

/** Programs name folders and branches: what would act on the terminal or reorder the line stands as a question mark. */
function shown(name: string): string {
  return name.replaceAll(/[\p{Cc}\p{Cf}]/gu, '?')
}

function up(rows: number): string {
  return rows > 0 ? `\x1b[${rows}A` : ''
}

function right(columns: number): string {
  return columns > 0 ? `\x1b[${columns}C` : ''
}
