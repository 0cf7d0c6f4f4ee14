import { type CommandContext, type Commands, type Execute, failure, success } from './command'
import { quote } from './quote'

/** What `trap` was told: lines by the event's name (`EXIT`, `INT`, `TERM`, …); an empty line lets a signal pass. */
export interface Traps {
  lineOf(event: string): string | undefined
  /** For the end: those of shells below first. */
  exitLines(): string[]
  commands: Commands
}

const events = ['EXIT', 'HUP', 'INT', 'QUIT', 'TERM', 'USR1', 'USR2', 'PIPE', 'ALRM', 'CHLD', 'WINCH']
const numbers: Record<string, string> = { 0: 'EXIT', 1: 'HUP', 2: 'INT', 3: 'QUIT', 15: 'TERM' }
const untold = ['ERR', 'DEBUG', 'RETURN']

/** `trap` with the pid of its shell before its words: a shell below has traps of its own. */
export const trapName = 'vitrine:trap'

/** `note` hears of the shell's variables when a trap is set. */
export function createTraps(pid: number, note: (context: CommandContext) => void): Traps {
  const own = new Map<string, string>()
  const below = new Map<string, Map<string, string>>()

  const trapOf: Execute = async ([shell = '', ...args], context) => {
    const lines = shell === String(pid) ? own : (below.get(shell) ?? new Map<string, string>())
    if (lines !== own) below.set(shell, lines)
    const words = args[0] === '--' ? args.slice(1) : args
    if (words.length === 0 || words[0] === '-p') {
      const list = [...lines].map(
        ([event, line]) => `trap -- ${quote(line)} ${event === 'EXIT' ? event : `SIG${event}`}\n`,
      )
      return success(list.join(''))
    }
    if (words[0] === '-l') return success(`${events.slice(1).join(' ')}\n`)
    const [first = '', ...rest] = words
    const [line, names] = rest.length === 0 ? ['-', [first]] : [first, rest]
    for (const word of names) {
      const event = (numbers[word] ?? word).toUpperCase().replace(/^SIG/, '')
      if (untold.includes(event)) {
        const sentence = `trap: ${event} is not told here; EXIT and signals are. The script goes on without it.\n`
        return { stdout: '', stderr: sentence, exitCode: 0 }
      }
      if (!events.includes(event)) return failure(`trap: ${word}: invalid signal specification`)
      if (line === '-') lines.delete(event)
      else lines.set(event, line)
    }
    note(context)
    return success()
  }

  return {
    lineOf: (event) => own.get(event),
    exitLines: () => [...below.values(), own].flatMap((lines) => lines.get('EXIT') ?? []),
    commands: { trap: (args, context) => trapOf([String(pid), ...args], context), [trapName]: trapOf },
  }
}
