import { isSignal, type Signal, signalNumbers, signalOf } from '../signals'
import type { MachineHost } from './machine-host'

/** `ps`: the processes of the machine, the oldest first. */
export async function ps(host: MachineHost): Promise<number> {
  const now = Date.now()
  const rows = (await host.list())
    .filter(({ pid }) => pid !== host.pid)
    .map(({ pid, parentPid, startedAt, command }) => [String(pid), String(parentPid), toAge(now - startedAt), command])
  const table = [['PID', 'PPID', 'TIME', 'COMMAND'], ...rows]
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)))
  for (const row of table) {
    const cells = row.map((cell, column) => (column < 3 ? cell.padStart(widths[column] ?? 0) : cell))
    host.stdout(`${cells.join('  ')}\n`)
  }
  return 0
}

/** `kill [-signal] pid…`; a negative pid is a group, `-l` lists the signals. */
export async function kill(host: MachineHost): Promise<number> {
  const words = host.argv.slice(1)
  if (words[0] === '-l') {
    host.stdout(
      `${Object.keys(signalNumbers)
        .map((name) => name.slice('SIG'.length))
        .join(' ')}\n`,
    )
    return 0
  }
  const hasSignal = words.length > 1 && /^-\w/.test(words[0] ?? '')
  const named = hasSignal ? (words[0] === '-s' ? words[1] : words[0]?.slice(1)) : 'TERM'
  const signal = toSignal(named ?? '')
  const targets = words.slice(hasSignal ? (words[0] === '-s' ? 2 : 1) : 0).filter((word) => word !== '--')
  if (signal === null) return complain(host, `${named}: there is no such signal; “kill -l” lists them`)
  if (targets.length === 0) return complain(host, 'say which process: kill [-signal] pid…')
  const present = await host.list()
  let code = 0
  for (const target of targets) {
    const pid = Number(target)
    const isThere = pid < 0 || present.some((process) => process.pid === pid)
    if (!Number.isInteger(pid) || !isThere) code = complain(host, `(${target}): no such process`)
    else host.kernel?.kill(pid, signal)
  }
  return code
}

function toSignal(text: string): Signal | null {
  const name = text.toUpperCase()
  const long = name.startsWith('SIG') ? name : `SIG${name}`
  if (isSignal(long)) return long
  return /^\d+$/.test(text) ? (signalOf(Number(text)) ?? null) : null
}

function complain(host: MachineHost, sentence: string): number {
  host.stderr(`kill: ${sentence}\n`)
  return 1
}

function toAge(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}
