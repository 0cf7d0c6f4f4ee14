import type { ProcessInfo } from '../../types'
import type { MachineHost } from '../process/machine-host'
import { type CommandContext, type Commands, type Execute, failure, pathFrom, success } from './command'
import { CommandFailure, readToolOptions } from './text/tool-options'

/** Commands that ask about the machine: its processes, ports, time, memory and files' owners. */
export function createMachineCommands(host: MachineHost): Commands {
  const startedAt = Date.now()
  return {
    pgrep: (args) => findProcesses(host, 'pgrep', args),
    pkill: (args) => findProcesses(host, 'pkill', args),
    killall: (args) => findProcesses(host, 'pkill', args),
    lsof: async (args) => listOpenPorts(host, args),
    ss: async () => success(portTable(await host.list())),
    netstat: async () => success(portTable(await host.list())),
    top: async () =>
      failure('top has no screen here; ps lists what runs, and “Running” above the terminal shows it live.'),
    htop: async () =>
      failure('htop has no screen here; ps lists what runs, and “Running” above the terminal shows it live.'),
    uptime: async () =>
      success(
        ` ${new Date().toISOString().slice(11, 19)} up ${Math.floor((Date.now() - startedAt) / 60_000)} min,  1 user\n`,
      ),
    tty: async () => (host.terminal ? success('/dev/tty\n') : { ...success('not a tty\n'), exitCode: 1 }),
    arch: async () => success('wasm32\n'),
    sync: async () => success(),
    umask: async (args) => success(args.length === 0 ? '0022\n' : ''),
    chown: changeOwner('chown'),
    chgrp: changeOwner('chgrp'),
    envsubst: async (_args, { stdin, exportedEnv = {} }) =>
      success(
        new TextDecoder()
          .decode(Uint8Array.from(String(stdin), (letter) => letter.charCodeAt(0)))
          .replaceAll(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced?: string, plain?: string) => {
            const name = braced ?? plain ?? ''
            return Object.hasOwn(exportedEnv, name) ? (exportedEnv[name] ?? '') : ''
          }),
      ),
    mktemp: (args, context) => makeTemporary(host, args, context),
    realpath: (args, context) => realPaths(host, args, context),
    uuidgen: async () => success(`${randomUuid()}\n`),
  }
}

/** `pgrep [-f] [-l] <pattern>`, `pkill [-f] [-<signal>] <pattern>`. */
async function findProcesses(host: MachineHost, tool: 'pgrep' | 'pkill', args: readonly string[]) {
  const signal = args.map((word) => /^-(?:SIG)?(INT|TERM|KILL|HUP|9|15|2)$/.exec(word)?.[1]).find(Boolean) ?? 'TERM'
  const pattern = args.find((word) => !word.startsWith('-'))
  if (pattern === undefined) return failure(`${tool}: no matching criteria specified`, 2)
  const matcher = new RegExp(pattern)
  const isWhole = args.some((word) => /^-[a-z]*f/.test(word))
  const found = (await host.list()).filter(
    ({ pid, command }) =>
      pid !== host.pid &&
      matcher.test(isWhole ? command : (command.split(' ')[0] ?? '')) &&
      !command.includes(`${tool} `),
  )
  if (found.length === 0) return { ...success(), exitCode: 1 }
  if (tool === 'pgrep') {
    const isLong = args.some((word) => /^-[a-z]*[la]/.test(word))
    return success(found.map(({ pid, command }) => `${pid}${isLong ? ` ${command}` : ''}\n`).join(''))
  }
  const name =
    signal === '9' || signal === 'KILL' ? 'SIGKILL' : signal === '2' || signal === 'INT' ? 'SIGINT' : 'SIGTERM'
  for (const { pid } of found) host.kernel?.kill(pid, name)
  return success()
}

/** `lsof -i :3000`, `lsof -ti:3000`: who listens. */
async function listOpenPorts(host: MachineHost, args: readonly string[]) {
  const [, port] = /:(\d+)/.exec(args.join(' ')) ?? []
  const found = (await host.list()).flatMap(({ pid, command, ports }) =>
    ports.filter((open) => port === undefined || open === Number(port)).map((open) => ({ pid, command, open })),
  )
  if (found.length === 0) return { ...success(), exitCode: 1 }
  if (args.some((word) => /^-[a-z]*t/.test(word)))
    return success([...new Set(found.map(({ pid }) => `${pid}\n`))].join(''))
  const rows = found.map(
    ({ pid, command, open }) =>
      `${(command.split(' ')[0] ?? '').padEnd(9)} ${String(pid).padStart(7)} vitrine IPv4 TCP *:${open} (LISTEN)\n`,
  )
  return success(`COMMAND       PID USER    TYPE NODE NAME\n${rows.join('')}`)
}

function portTable(processes: readonly ProcessInfo[]): string {
  const rows = processes.flatMap(({ pid, command, ports }) =>
    ports.map((port) => `LISTEN  ${`0.0.0.0:${port}`.padEnd(20)} ${pid}/${command.split(' ')[0]}\n`),
  )
  return `State   Local Address:Port   PID/Program\n${rows.join('')}`
}

/** All files belong to the one user there is. */
function changeOwner(tool: string): Execute {
  return async (args, context) => {
    const [owner = '', ...names] = args.filter((word) => !word.startsWith('-'))
    if (names.length === 0) return failure(`${tool}: missing operand`)
    for (const name of names)
      if (!(await context.fs.exists(pathFrom(context, name))))
        return failure(`${tool}: cannot access '${name}': No such file or directory`)
    const isOwn = /^(vitrine|1000)?(:(vitrine|1000)?)?$/.test(owner)
    return isOwn
      ? success()
      : failure(`${tool}: changing ownership of '${names[0]}': Operation not permitted (there is no other user here)`)
  }
}

/** `mktemp [-d] [-t] [-p <folder>] [--suffix=<text>] [<name>XXXXXX]`. */
async function makeTemporary({ fs }: MachineHost, args: readonly string[], context: CommandContext) {
  try {
    const options = readToolOptions('mktemp', args, {
      flags: { '--directory': ['-d'], '-t': [], '--quiet': ['-q'], '--dry-run': ['-u'] },
      values: { '--tmpdir': ['-p'], '--suffix': [] },
    })
    const template = options.words[0] ?? 'tmp.XXXXXXXXXX'
    const [, start, marks, end] = /^(.*?)(X{3,})([^X/]*)$/.exec(template) ?? []
    if (marks === undefined) return failure(`mktemp: too few X's in template '${template}'`)
    const isTemporary = options.words.length === 0 || options.has('-t')
    const folder = options.value('--tmpdir') ?? (isTemporary ? '/tmp' : '.')
    const name = `${start}${randomText(marks.length)}${end}${options.value('--suffix') ?? ''}`
    const shown = folder === '.' || name.startsWith('/') ? name : `${folder}/${name}`
    const path = pathFrom(context, shown)
    if (!options.has('--dry-run')) {
      if (options.has('--directory')) fs.mkdir(path, { recursive: true })
      else fs.writeFile(path, '')
    }
    return success(`${shown}\n`)
  } catch (error) {
    if (error instanceof CommandFailure) return failure(error.message, error.exitCode)
    throw error
  }
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

// `crypto.randomUUID` needs a secure context, which an opaque origin is not.
function randomText(length: number): string {
  return [...crypto.getRandomValues(new Uint8Array(length))].map((byte) => letters[byte % letters.length]).join('')
}

function randomUuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

/** `realpath [-m] [-e] [--relative-to=<folder>] <path>…`. */
async function realPaths({ fs }: MachineHost, args: readonly string[], context: CommandContext) {
  try {
    const options = readToolOptions('realpath', args, {
      flags: {
        '--canonicalize-missing': ['-m'],
        '--canonicalize-existing': ['-e'],
        '--no-symlinks': ['-s'],
        '--quiet': ['-q'],
      },
      values: { '--relative-to': [] },
    })
    const base = options.value('--relative-to')
    let stdout = ''
    for (const name of [...options.words, ...(options.paths ?? [])]) {
      const path = pathFrom(context, name)
      const folder = path.slice(0, path.lastIndexOf('/')) || '/'
      const isThere =
        fs.exists(path) ||
        (!options.has('--canonicalize-existing') && fs.exists(folder)) ||
        options.has('--canonicalize-missing')
      if (!isThere) return { ...failure(`realpath: ${name}: No such file or directory`), stdout }
      const full = fs.exists(path) && !options.has('--no-symlinks') ? fs.realpath(path) : path
      stdout += `${base === undefined ? full : relative(pathFrom(context, base), full)}\n`
    }
    return success(stdout)
  } catch (error) {
    if (error instanceof CommandFailure) return failure(error.message, error.exitCode)
    throw error
  }
}

function relative(from: string, to: string): string {
  const [left, right] = [from, to].map((path) => path.split('/').filter(Boolean)) as [string[], string[]]
  let shared = 0
  while (shared < left.length && left[shared] === right[shared]) shared++
  return [...left.slice(shared).map(() => '..'), ...right.slice(shared)].join('/') || '.'
}
