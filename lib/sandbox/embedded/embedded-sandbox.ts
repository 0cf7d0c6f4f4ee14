import { decodeUtf8, joinPath } from '@/lib/base'
import type { Executables, FileData, FileMap, LinkMap } from '@/lib/workspace'
import type { Sandbox } from '../types'
import { type Connection, createConnection } from './connection'
import { followProcess } from './embedded-process'
import { openBundles } from './frame/bundles'
import { openFrame } from './frame/open-frame'
import { createPackageLoader } from './packages/load-package'
import { toPortConnection } from './port-connection'
import { createTabCache } from './services/tab-cache'
import { createTabServices } from './services/tab-services'

/** A project opens without its packages rather than late. */
const restoreTimeoutMs = 20_000

export interface EmbeddedSandboxOptions {
  files?: FileMap
  links?: LinkMap
  /** Scripts where nothing is said. */
  executables?: Executables
  /** Where the bundles are served; `/sandbox` by default. */
  baseUrl?: string
  /** Names the part of the tab's storage that programs may keep results in; nothing is kept without it. */
  cacheScope?: string
  signal?: AbortSignal
}

/** Starts a machine in a frame of its own on the present page. */
export async function createEmbeddedSandbox(options: EmbeddedSandboxOptions = {}): Promise<Sandbox> {
  const { files, links, executables, baseUrl = '/sandbox', cacheScope, signal } = options
  const startedAt = performance.now()
  const bundles = await openBundles(baseUrl)
  const frame = await openFrame(bundles, signal)
  const connection = createConnection(frame.port, {
    loadBundle: bundles.loadWithAssets,
    loadPackage: createPackageLoader(),
    tab: createTabServices({
      loadWasm: bundles.loadWasm,
      cache: cacheScope === undefined ? null : createTabCache(cacheScope),
    }),
  })
  const machines = new Set<number>()
  const forget = (machine: number) => {
    machines.delete(machine)
    if (machines.size > 0) return
    connection.close('The sandbox has been disposed of.')
    frame.close()
  }
  try {
    const mounted = {
      files: [...(files ?? [])],
      links: [...(links ?? [])],
      ...(executables && { executables: [...executables] }),
    }
    await connection.call(1, 'mount', mounted, signal)
  } catch (error) {
    connection.close('The sandbox did not start.')
    frame.close()
    throw error
  }
  const sandbox = openMachine({ connection, machines, forget }, 1, performance.now() - startedAt)
  if (files?.has('package-lock.json')) await restorePackages(sandbox)
  return sandbox
}

/** `node_modules` is not stored with the project: it comes back from the tab's package cache, by the lock file. */
async function restorePackages(sandbox: Sandbox): Promise<void> {
  const child = await sandbox.spawn('npm vitrine-restore', { stdin: '', timeoutMs: restoreTimeoutMs })
  await child.exit
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
    link: (changes) => connection.call(machine, 'link', { changes: [...changes] }),
    setExecutable: (changes) => connection.call(machine, 'setExecutable', { changes: [...changes] }),
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
    symbols: (signal) => connection.call(machine, 'symbols', {}, signal),
    onPort: (listener) => connection.onPort(machine, listener),
    async connect(port) {
      const { wire } = await connection.call(machine, 'connect', { port })
      return toPortConnection(connection.openWire(wire))
    },
    async declarations() {
      const files = await connection.call(machine, 'declarations', {})
      return files.map(([path, data]) => [path, new TextDecoder().decode(data)])
    },
    onLinks: (listener) => connection.onLinks(machine, listener),
    onExecutables: (listener) => connection.onExecutables(machine, listener),
    onInstall: (listener) => connection.onInstall(machine, listener),
    processes: () => connection.call(machine, 'processes', {}),
    onProcesses: (listener) => connection.onProcesses(machine, listener),
    kill: (pid, signal = 'SIGTERM') => connection.send({ type: 'kill', pid, signal }),
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
