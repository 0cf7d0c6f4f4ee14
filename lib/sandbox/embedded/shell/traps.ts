import { type CommandContext, type Commands, type Execute, failure, type Result, success } from './command'
import { codeName, leaveName } from './path-commands'
import { quote } from './quote'
import {
  beforeName,
  checkName,
  conditionName,
  endingName,
  errexitVariable,
  errtraceVariable,
  trapVariable,
} from './trap-points'

/** What `trap` was told: lines by the event's name (`EXIT`, `ERR`, `INT`, …); an empty line lets a signal pass. */
export interface Traps {
  lineOf(event: string): string | undefined
  /** For the end: those of shells below first. */
  exitLines(): string[]
  /** Whether what is typed next has to ask for them. */
  isTold(): boolean
  /** A signal came: its line runs when the command that runs now has ended. */
  await(event: string): void
  commands: Commands
}

const signals = ['HUP', 'INT', 'QUIT', 'TERM', 'USR1', 'USR2', 'PIPE', 'ALRM', 'CHLD', 'WINCH']
const events = ['EXIT', ...signals, 'ERR', 'DEBUG']
const numbers: Record<string, string> = { 0: 'EXIT', 1: 'HUP', 2: 'INT', 3: 'QUIT', 10: 'USR1', 12: 'USR2', 15: 'TERM' }

/** `trap` with the pid of its shell before its words: a shell below has traps of its own. */
export const trapName = 'vitrine:trap'

export interface TrapOptions {
  pid: number
  /** Hears of the shell's variables when a trap is set. */
  note(context: CommandContext): void
  /** Hears which signals are to be told. */
  follow(signal: string): void
  /** Lines of signals run: what was interrupted goes on after them. */
  resume(): void
}

export function createTraps({ pid, note, follow, resume }: TrapOptions): Traps {
  const own = new Map<string, string>()
  const below = new Map<string, Map<string, string>>()
  const waiting: string[] = []
  /** Of conditions around what runs. */
  let depth = 0

  const linesOf = (shell: string) => (shell === String(pid) ? own : below.get(shell))

  const trapOf: Execute = async ([shell = '', ...args], context) => {
    const lines = linesOf(shell) ?? new Map<string, string>()
    if (lines !== own) below.set(shell, lines)
    const words = args[0] === '--' ? args.slice(1) : args
    if (words.length === 0 || words[0] === '-p') return success(list(lines, words.slice(1).map(eventOf)))
    if (words[0] === '-l') return success(`${signals.join(' ')}\n`)
    const [first = '', ...rest] = words
    const [line, names] = rest.length === 0 ? ['-', [first]] : [first, rest]
    for (const word of names) {
      const event = eventOf(word)
      if (event === 'RETURN') {
        const sentence =
          'trap: RETURN is not told here; EXIT, ERR, DEBUG and signals are. The script goes on without it.\n'
        return { stdout: '', stderr: sentence, exitCode: 0 }
      }
      if (!events.includes(event)) return failure(`trap: ${word}: invalid signal specification`)
      if (line === '-') lines.delete(event)
      else lines.set(event, line)
      if (lines === own && signals.includes(event)) follow(`SIG${event}`)
    }
    note(context)
    return success()
  }

  /** Takes the line of a subshell's EXIT; the whole shell's runs when it has ended. */
  function takeEnding(shell: string): string | undefined {
    const lines = below.get(shell)
    const line = lines?.get('EXIT')
    lines?.delete('EXIT')
    return line
  }

  const check: Execute = async ([code = '0', line = '', name = '', shell = '', command = ''], context) => {
    const isFailed = code !== '0' && depth === 0
    const isMain = shell === String(pid)
    const parts = isMain ? waiting.splice(0) : []
    if (parts.length > 0) resume()
    if (isFailed) {
      const isInherited = context.env.get(errtraceVariable) === '1'
      const error = linesOf(shell)?.get('ERR') ?? (isInherited ? own.get('ERR') : undefined)
      if (error && (name === '' || isInherited)) parts.push(...(await around(error, { code, line, command, context })))
      if (context.env.get(errexitVariable) === '1') {
        const end = takeEnding(shell)
        if (end) parts.push(`${codeName} ${code}`, end)
        parts.push(`${leaveName} ${code}`, `exit ${code}`)
      }
    }
    if (code === '0' && parts.length === 0) return success()
    return tell([...parts, `${codeName} ${code}`], context)
  }

  const commands: Commands = {
    trap: (args, context) => trapOf([String(pid), ...args], context),
    [trapName]: trapOf,
    [checkName]: check,
    async [endingName]([code = '0', shell = ''], context) {
      const line = takeEnding(shell)
      return line ? tell([`${codeName} ${code}`, line], context) : success()
    },
    async [beforeName]([code = '0', line = '', name = '', command = ''], context) {
      const debug = name === '' && depth === 0 ? own.get('DEBUG') : undefined
      return debug ? tell(await around(debug, { code, line, command, context }), context) : success()
    },
    async [conditionName]([word = '']) {
      depth = Math.max(0, depth + (word === 'begin' ? 1 : -1))
      return { ...success(), exitCode: word === 'begin' ? 0 : Number(word) }
    },
  }

  return {
    lineOf: (event) => own.get(event),
    exitLines: () => [...below.values(), own].flatMap((lines) => lines.get('EXIT') ?? []),
    isTold: () => [...own.keys()].some((event) => event !== 'EXIT'),
    await(event) {
      waiting.push(own.get(event) ?? '')
    },
    commands,
  }
}

function eventOf(word: string): string {
  return (numbers[word] ?? word).toUpperCase().replace(/^SIG/, '')
}

function list(lines: ReadonlyMap<string, string>, only: readonly string[]): string {
  const known = events.filter((event) => lines.has(event) && (only.length === 0 || only.includes(event)))
  return known
    .map((event) => `trap -- ${quote(lines.get(event) ?? '')} ${signals.includes(event) ? `SIG${event}` : event}\n`)
    .join('')
}

interface Failed {
  code: string
  line: string
  command: string
  context: CommandContext
}

/** The line of ERR or DEBUG as that command's: nothing in it is told in turn. */
async function around(line: string, { code, line: number, command, context }: Failed): Promise<string[]> {
  await context.assignShellVariable?.('BASH_COMMAND', command)
  const placed = line.replaceAll(/\$(?:LINENO\b|\{LINENO\})/g, number)
  return [`${leaveName} ${code}`, `${conditionName} begin`, `${codeName} ${code}`, placed, `${conditionName} ${code}`]
}

async function tell(lines: readonly string[], context: CommandContext): Promise<Result> {
  await context.assignShellVariable?.(trapVariable, lines.join('\n'))
  return { ...success(), exitCode: 1 }
}
