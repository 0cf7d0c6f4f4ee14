import { isSignal, type Signal, signalNumbers, signalOf } from '../signals'
import type { MachineHost } from './machine-host'

interface Row {
  pid: number
  ppid: number
  command: string
  startedAt: number
}

interface Column {
  title: string
  isLeft?: true
  textOf(row: Row): string
}

const column = (title: string, textOf: Column['textOf'], isLeft?: true): Column => ({
  title,
  textOf,
  ...(isLeft && { isLeft }),
})
const pid = column('PID', (row) => String(row.pid))
const ppid = column('PPID', (row) => String(row.ppid))
const time = column('TIME', (row) => toAge(Date.now() - row.startedAt))
const command = (title: string) => column(title, (row) => row.command, true)
const always = (title: string, text: string, isLeft?: true) => column(title, () => text, isLeft)
const started = (title: string) => column(title, (row) => new Date(row.startedAt).toISOString().slice(11, 16))

/** The columns stand where Linux has them: `ps aux | awk '{print $2}'` are the pids. What nobody measures here is 0. */
const layouts = {
  short: [pid, ppid, time, command('COMMAND')],
  aux: [
    always('USER', 'vitrine', true),
    pid,
    ...['%CPU', '%MEM', 'VSZ', 'RSS'].map((title) => always(title, '0')),
    always('TTY', '?', true),
    always('STAT', 'S', true),
    started('START'),
    time,
    command('COMMAND'),
  ],
  full: [
    always('UID', 'vitrine', true),
    pid,
    ppid,
    always('C', '0'),
    started('STIME'),
    always('TTY', '?', true),
    time,
    command('CMD'),
  ],
}
const named: Record<string, Column> = {
  pid,
  ppid,
  time,
  etime: column('ELAPSED', time.textOf),
  user: always('USER', 'vitrine', true),
  comm: column('COMMAND', (row) => row.command.split(' ')[0] ?? '', true),
  command: command('COMMAND'),
  cmd: command('CMD'),
  args: command('COMMAND'),
}

/** `ps`: the processes of the machine, the oldest first; also `ps aux`, `ps -ef`, `-p <pid>`, `-o pid,command`. */
export async function ps(host: MachineHost): Promise<number> {
  const words = host.argv.slice(1)
  const valueAfter = (option: string) =>
    words
      .map((word, at) => (word === option ? words[at + 1] : word.startsWith(option) ? word.slice(2) : undefined))
      .find(Boolean)
  const wanted = valueAfter('-p')?.split(/[ ,]/).map(Number)
  const format = valueAfter('-o')
  const columns = format === undefined ? layoutOf(words.join(' ')) : readColumns(format)
  if (typeof columns === 'string') {
    host.stderr(`ps: ${columns}: there is no such column; here are ${Object.keys(named).join(', ')}\n`)
    return 1
  }
  const rows = (await host.list())
    .filter((process) => process.pid !== host.pid && (wanted === undefined || wanted.includes(process.pid)))
    .map((process) => ({ ...process, ppid: process.parentPid }))
  const hasTitles = columns.some(({ title }) => title !== '')
  const table = [
    ...(hasTitles ? [columns.map(({ title }) => title)] : []),
    ...rows.map((row) => columns.map((each) => each.textOf(row))),
  ]
  const widths = columns.map((_, index) => Math.max(...table.map((cells) => cells[index]?.length ?? 0)))
  for (const cells of table) {
    const line = cells.map((cell, index) =>
      columns[index]?.isLeft ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0),
    )
    host.stdout(`${line.join('  ').trimEnd()}\n`)
  }
  return wanted !== undefined && rows.length === 0 ? 1 : 0
}

function layoutOf(options: string): Column[] {
  if (/(?:^|\s)-?[ax]*u/.test(options)) return layouts.aux
  return /-\w*f/.test(options) ? layouts.full : layouts.short
}

/** `pid,command=`: with `=` without a title. */
function readColumns(format: string): Column[] | string {
  const columns: Column[] = []
  for (const word of format.split(',')) {
    const [name = '', title] = word.split('=')
    const known = Object.hasOwn(named, name) ? named[name] : undefined
    if (!known) return name
    columns.push(title === undefined ? known : { ...known, title })
  }
  return columns
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
