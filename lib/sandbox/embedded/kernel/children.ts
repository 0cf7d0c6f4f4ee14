import { joinBytes } from '@/lib/base'
import type { ChildStdio, Invocation, SpawnChild } from '../protocol'
import type { Signal } from '../signals'
import { maxPipedBytes, type Output } from './output'
import { Process } from './process'
import { type Resolved, resolveArgv } from './programs'
import { openStdio, type Stdio } from './stdio'
import { joinWire, WireEnd } from './wires'

/** Whose child a process is. */
export interface ChildOrigin {
  pid: number
  parent: Process
  detached: boolean
  /** Set for a worker thread: what it starts with. */
  thread?: { data: unknown; transfer: Transferable[] }
}

export function spawnChild(parent: Process, pid: number, child: SpawnChild, thread?: ChildOrigin['thread']): void {
  const { cwd, env, detached, stdio, ...call } = checked(child)
  const origin: ChildOrigin = { pid, parent, detached, ...(thread && { thread }) }
  new Process(
    parent.machine,
    {
      origin,
      ...toProgram(call),
      cwd,
      env,
      terminal: parent.options.terminal ?? null,
      stdio: (process) => openStdio(parent, process, stdio),
    },
    {
      exit: (_pid, exitCode, signal) => parent.post({ type: 'child-exit', pid, exitCode, signal }),
    },
  )
}

export interface SyncChild {
  child: SpawnChild
  pid: number
  timeoutMs: number
  maxBuffer: number
  killSignal: Signal
}

export interface SyncResult {
  exitCode: number
  signal: Signal | null
  error: string | null
  output: (Uint8Array | null)[]
}

/** Runs a child to its end while its parent sleeps. */
export function runChildFor(parent: Process, request: SyncChild, done: (result: SyncResult) => void): void {
  const { cwd, env, detached, stdio, ...call } = checked(request.child)
  let error: string | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  const stop = (code: string) => {
    error ??= code
    process.deliver(request.killSignal)
  }
  const collectors = stdio.map((entry) =>
    entry.kind === 'collect' ? collect(request.maxBuffer, () => stop('ENOBUFS')) : null,
  )
  const process = new Process(
    parent.machine,
    {
      origin: { pid: request.pid, parent, detached },
      ...toProgram(call),
      cwd,
      env,
      terminal: parent.options.terminal ?? null,
      stdio: (child) => withCollectors(openStdio(parent, child, stdio), collectors, child),
    },
    {
      exit(_pid, exitCode, signal) {
        clearTimeout(timer)
        done({ exitCode, signal, error, output: collectors.map((collector) => collector?.bytes() ?? null) })
      },
    },
  )
  if (stdio[0]?.kind === 'inherit') parent.heir = process
  if (request.timeoutMs > 0) timer = setTimeout(() => stop('ETIMEDOUT'), request.timeoutMs)
}

const readBytes = 64 * 1024

interface Collector extends Output {
  bytes(): Uint8Array
}

function collect(maxBuffer: number, onFull: () => void): Collector {
  const chunks: Uint8Array[] = []
  let size = 0
  // As Node reads in pieces of that size, what goes over the limit within one is there, too.
  const maxBytes = Math.ceil(maxBuffer / readBytes) * readBytes
  return {
    maxBytes: maxPipedBytes,
    end: () => undefined,
    write(data) {
      const part = data.subarray(0, Math.max(0, maxBytes - size))
      chunks.push(part)
      size += part.byteLength
      if (size > maxBuffer || part.byteLength < data.byteLength) onFull()
    },
    bytes: () => joinBytes(chunks),
  }
}

function withCollectors(stdio: Stdio, collectors: (Collector | null)[], child: Process): Stdio {
  const [, stdout, stderr, ...others] = collectors
  return {
    ...stdio,
    outputs: { stdout: stdout ?? stdio.outputs.stdout, stderr: stderr ?? stdio.outputs.stderr },
    wires: others.flatMap((collector, index) =>
      collector ? { fd: index + 3, wire: openCollected(child, collector) } : [],
    ),
  }
}

/** A pipe of the child whose other end is a collector. */
function openCollected(child: Process, collector: Collector): number {
  const far: WireEnd = new WireEnd(
    {
      wires: new Map(),
      post(message) {
        if (message.type !== 'wire-data') return
        collector.write(message.data)
        far.receive({ type: 'wire-read', wire: far.id, bytes: message.data.byteLength })
      },
    },
    1,
  )
  const near = new WireEnd(child, child.nextWire())
  joinWire(near, far)
  return near.id
}

function toProgram({ argv, invoked }: Pick<SpawnChild, 'argv' | 'invoked'>): Called {
  const program = resolveArgv(argv)
  // A shell that runs but one program is left out: that program was called by its name.
  const isDirect = program.kind === 'run' && program.argv[0] === argv[0]
  return { command: argv.join(' '), program, invoked: isDirect && invoked ? invoked : null }
}

interface Called {
  command: string
  program: Resolved
  invoked: Invocation | null
}

/** Processes are not trusted to speak the protocol. */
function checked({ argv, invoked, cwd, env, stdio, detached }: SpawnChild): SpawnChild {
  const isText = (value: unknown) => typeof value === 'string'
  if (!Array.isArray(argv) || argv.length === 0 || !argv.every(isText)) throw new TypeError('not a command')
  if (invoked && !(isText(invoked.argv0) && isText(invoked.path))) throw new TypeError('not a call')
  if (!isText(cwd) || !cwd.startsWith('/')) throw new TypeError('not a folder')
  if (typeof env !== 'object' || env === null || !Object.values(env).every(isText))
    throw new TypeError('not an environment')
  if (!Array.isArray(stdio) || !stdio.every(isStdio)) throw new TypeError('not descriptors')
  return { argv, ...(invoked && { invoked }), cwd, env, stdio, detached: detached === true }
}

function isStdio(entry: ChildStdio): boolean {
  return typeof entry === 'object' && entry !== null && typeof entry.kind === 'string'
}
