import { defineCommand } from 'just-bash/browser'
import { messageOf } from '@/lib/base'
import type { MachineHost } from '../process/machine-host'
import { failure, success } from './command'
import type { Jobs } from './jobs'
import { codeName } from './path-commands'
import { decodeLine, encodePrompt, isShellLine, type OpenRequest, type ShellMark } from './prompt-mark'

/** The name of the variable that holds the line to run. */
const lineVariable = '__vitrine_line'
/** One line after another in one and the same shell: whatever a line sets up is there for the next. */
export const interactiveScript = `while vitrine:next; do eval "$${lineVariable}"; vitrine:done $?; done`

export interface InteractiveOptions {
  host: MachineHost
  /** The line as the shell runs it; throws when it cannot be parsed. */
  transform(line: string): string
  jobs: Jobs
  /** Names the terminal in its marks, so that programs cannot pretend to be the prompt. */
  nonce: string
  /** Writes a mark, whatever the limit of output. */
  mark(text: string): void
  /** A line begins: what Ctrl+C then stops. */
  begin(): void
}

/** The commands that feed an interactive shell with what the terminal sends; see `encodeLine`. */
export function createInteractive({ host, transform, jobs, nonce, begin, mark }: InteractiveOptions) {
  const lines: string[] = []
  let wake: (() => void) | null = null
  let isEnded = false
  let lastCode = 0
  let isBusy = false
  let unfinished = ''
  let buffer = ''
  const decoder = new TextDecoder()

  function listen() {
    // While the shell waits for a line, what comes is a line; while a program runs, it is that program's input.
    return host.stdin.pipe((data) => {
      if (data === null) isEnded = true
      else buffer += decoder.decode(data, { stream: true })
      const parts = buffer.split('\n')
      buffer = parts.pop() ?? ''
      lines.push(...parts)
      wake?.()
    })
  }

  /** What no program took of what was typed; the terminal puts it into the next line. */
  async function takeUnread(): Promise<string> {
    const stop = listen()
    // What waits is handed over in a microtask of its own.
    await Promise.resolve()
    stop()
    return takeTyped()
  }

  function takeTyped(): string {
    const typed = lines.filter((line) => line !== '' && !isShellLine(line))
    const rest = isShellLine(buffer) ? '' : buffer
    lines.splice(0, lines.length, ...lines.filter(isShellLine))
    buffer = buffer.slice(rest.length)
    return [...typed, rest].join('\n')
  }

  /** What came before the next line; what comes with it is for the program that it starts, or for the line after. */
  function takeLate(): string {
    const next = lines.findIndex(isShellLine)
    if (next === -1) return takeTyped()
    return lines
      .splice(0, next)
      .map((line) => (line === '' ? '' : `${line}\n`))
      .join('')
  }

  async function nextLine(): Promise<string | null> {
    const stop = listen()
    for (;;) {
      // The terminal had not seen the prompt yet when this was typed.
      const late = takeLate()
      if (late !== '') tell({ late })
      if (lines.length > 0 || isEnded) break
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
    wake = null
    stop()
    const line = lines.shift()
    return line === undefined ? null : decodeLine(line)
  }

  const tell = (state: ShellMark) => mark(encodePrompt(nonce, state))

  const next = defineCommand('vitrine:next', async (_args, context) => {
    host.stdout(jobs.report())
    const place = { cwd: context.cwd, ...readBranches(host, context.cwd) }
    for (;;) {
      tell({ ...place, exitCode: lastCode, isUnfinished: unfinished !== '', unread: await takeUnread() })
      const line = await nextLine()
      if (line === null) return { ...success(), exitCode: 1 }
      const text = unfinished + line
      const read = parse(transform, text)
      if (read.isUnfinished && line !== '') {
        unfinished = `${text}\n`
        continue
      }
      unfinished = ''
      if (read.error !== null) {
        host.stderr(`sh: ${read.error}\n`)
        lastCode = 2
        continue
      }
      begin()
      isBusy = true
      await context.assignShellVariable?.(lineVariable, `${codeName} ${lastCode}\n${read.script}`)
      return success()
    }
  })

  const done = defineCommand('vitrine:done', async ([code]) => {
    lastCode = Number(code)
    isBusy = false
    return success()
  })
  const open = openCommand(host, (request) => mark(encodePrompt(nonce, request)))
  return {
    isBusy: () => isBusy,
    commands: [next, done, defineCommand('code', open), defineCommand('open', open)],
  }
}

/** `code src/a.ts:12` shows the file in the editor. */
function openCommand(host: MachineHost, tell: (request: OpenRequest) => void): Parameters<typeof defineCommand>[1] {
  return async (args, context) => {
    const names = args.filter((word) => !word.startsWith('-'))
    if (names.length === 0) return failure('usage: code <file>[:<line>] …')
    for (const name of names) {
      const [, path = name, line] = /^(.*?)(?::(\d+))?(?::\d+)?$/.exec(name) ?? []
      const full = context.fs.resolvePath(context.cwd, path)
      if (host.fs.exists(full) && host.fs.stat(full).kind === 'directory')
        return failure(`code: ${path} is a folder; it is open already.`)
      if (!host.fs.exists(full)) host.fs.writeFile(full, '')
      tell({ open: full, line: line === undefined ? null : Number(line) })
    }
    return success()
  }
}

function parse(transform: (line: string) => string, text: string): Parsed {
  try {
    return { script: transform(text), error: null, isUnfinished: goesOn.test(text) }
  } catch (error) {
    const message = messageOf(error)
    const lacksEnd = /EOF|unterminated|unexpected end|unclosed|here-?doc/i.test(message)
    // just-bash says of an open loop that its end is unexpected.
    const lacksDone = message.includes('`done') && !/\bdone\b/.test(text)
    return { script: '', error: `syntax error: ${message}`, isUnfinished: lacksEnd || lacksDone }
  }
}

interface Parsed {
  script: string
  error: string | null
  isUnfinished: boolean
}

/** An operator or a single backslash at the end. */
const goesOn = /(?:\||&&|(?:^|[^\\])(?:\\\\)*\\)\s*$/

/** The branches for the prompt and for completion, read without starting git. */
function readBranches({ fs }: MachineHost, cwd: string): { branch: string | null; branches: string[] } {
  for (let folder = cwd; folder !== ''; folder = folder.slice(0, folder.lastIndexOf('/'))) {
    const gitdir = `${folder}/.git`
    if (!fs.exists(`${gitdir}/HEAD`)) continue
    const head = new TextDecoder().decode(fs.readFile(`${gitdir}/HEAD`)).trim()
    const branch = head.replace(/^ref: refs\/heads\//, '').replace(/^[0-9a-f]{40}$/, (oid) => oid.slice(0, 7))
    const names = fs.exists(`${gitdir}/refs/heads`) ? fs.readdir(`${gitdir}/refs/heads`) : []
    return { branch, branches: names }
  }
  return { branch: null, branches: [] }
}
