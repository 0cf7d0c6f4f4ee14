import { decodeUtf8, joinPath } from '@/lib/base'
import type { FileData, FileMap } from '@/lib/workspace'
import type { Sandbox } from '../types'
import { type Connection, createConnection } from './connection'
import { followProcess } from './embedded-process'
import { openBundles } from './frame/bundles'
import { openFrame } from './frame/open-frame'
import { toPortConnection } from './port-connection'

export interface EmbeddedSandboxOptions {
  files?: FileMap
  /** Where the bundles are served; `/sandbox` by default. */
  baseUrl?: string
  signal?: AbortSignal
}

/** Starts a machine in a frame of its own on the present page. */
export async function createEmbeddedSandbox(options: EmbeddedSandboxOptions = {}): Promise<Sandbox> {
  const { files, baseUrl = '/sandbox', signal } = options
  const startedAt = performance.now()
  const bundles = await openBundles(baseUrl)
  const frame = await openFrame(bundles, signal)
  const connection = createConnection(frame.port, bundles.loadWithAssets)
  const machines = new Set<number>()
  const forget = (machine: number) => {
    machines.delete(machine)
    if (machines.size > 0) return
    connection.close('The sandbox has been disposed of.')
    frame.close()
  }
  try {
    await connection.call(1, 'mount', { files: [...(files ?? [])] }, signal)
  } catch (error) {
    connection.close('The sandbox did not start.')
    frame.close()
    throw error
  }
  return openMachine({ connection, machines, forget }, 1, performance.now() - startedAt)
}

/** Machines of one frame; the frame goes when the last of them does. */
interface MachineSet {
  connection: Connection
  machines: Set<number>
  forget(machine: number): void
}

function openMachine(set: MachineSet, machine: number, bootMs: number): Sandbox {
  const { connection, machines, forget } = set
  machines.add(machine)
  return {
    kind: 'embedded',
    bootMs,
    mount: (files) => connection.call(machine, 'mount', { files: [...files] }),
    apply: (changes) =>
      connection.call(machine, 'apply', { changes: changes.map(({ path, after }) => ({ path, after })) }),
    async snapshot() {
      const files = await connection.call(machine, 'snapshot', {})
      return new Map(files.map(([path, data]) => [path, toFileData(data)]))
    },
    onFiles: (listener) =>
      connection.onFiles(machine, (changes) =>
        listener(changes.map(({ path, after }) => ({ path, after: after && toFileData(after) }))),
      ),
    async spawn(command, options = {}) {
      const { cwd = '', env = {}, stdin = null, timeoutMs = null, terminal = null, signal } = options
      const request = { command, cwd: joinPath(cwd) ?? '', env, stdin, timeoutMs, terminal }
      const { pid } = await connection.call(machine, 'spawn', request)
      return followProcess(connection, pid, command, signal)
    },
    test({ signal, ...options } = {}) {
      return connection.call(machine, 'test', options, signal)
    },
    check: (paths, signal) => connection.call(machine, 'check', { paths: paths ?? null }, signal),
    onPort: (listener) => connection.onPort(machine, listener),
    async connect(port) {
      const { wire } = await connection.call(machine, 'connect', { port })
      return toPortConnection(connection.openWire(wire))
    },
    processes: () => connection.call(machine, 'processes', {}),
    async fork() {
      const startedAt = performance.now()
      const { machine: copy } = await connection.call(machine, 'fork', {})
      return openMachine(set, copy, performance.now() - startedAt)
    },
    async dispose() {
      if (connection.closed || !machines.has(machine)) return
      await connection.call(machine, 'dispose', {})
      forget(machine)
    },
  }
}

/** Text where it is text, as the workspace keeps it. */
function toFileData(bytes: Uint8Array): FileData {
  return decodeUtf8(bytes) ?? bytes
}
