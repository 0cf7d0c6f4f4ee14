import type { WebContainer } from '@webcontainer/api'
import { createEmitter, sleep, VitrineError } from '@/lib/base'
import { type FileData, type FileMap, sameData } from '@/lib/workspace'
import { runCommand } from '../run'
import type { Sandbox, SandboxProcess, SpawnOptions, TestReport } from '../types'
import { fromTree, toFileData, toTree } from './file-tree'
import { readJsonReport, readTscOutput } from './read-reports'
import { spawnInContainer } from './spawn'

/** Where the test runner writes its report; inside node_modules it is no file of the project. */
const reportPath = 'node_modules/.vitrine-tests.json'
const watchBatchMs = 20

type Written = { path: string; after: FileData | null }

export interface WebContainerSandboxOptions {
  files: FileMap
  bootMs: number
  /** Makes the sandbox of a fork: the vendor's runtime exists once in a page. */
  openFork(files: FileMap): Promise<Sandbox>
}

/** The vendor's runtime as a sandbox. It has the network: nothing secret may go in. */
export async function createWebContainerSandbox(
  container: WebContainer,
  { files, bootMs, openFork }: WebContainerSandboxOptions,
): Promise<Sandbox> {
  let disposed = false
  const assertAlive = () => {
    if (disposed) throw new VitrineError('internal_error', 'The sandbox has been disposed of.')
  }
  const running = new Map<number, { child: SandboxProcess; startedAt: number }>()
  const writes = createEmitter<Written[]>()
  const processes = createEmitter<undefined>()
  let known = new Map<string, FileData>()
  let lastPid = 0

  async function mount(next: FileMap) {
    for (const name of await container.fs.readdir('.')) await container.fs.rm(name, { recursive: true, force: true })
    known = new Map(next)
    await container.mount(toTree(next))
  }

  /** What the IDE wrote is known already and is not told back to it. */
  async function announce(paths: Iterable<string>) {
    const changes: Written[] = []
    for (const path of paths) {
      const after = await container.fs.readFile(path).then(toFileData, () => null)
      if (sameData(known.get(path), after)) continue
      if (after === null) known.delete(path)
      else known.set(path, after)
      changes.push({ path, after })
    }
    if (changes.length > 0 && !disposed) writes.emit(changes)
  }

  let announcing: Promise<unknown> = Promise.resolve()
  function watch() {
    const touched = new Set<string>()
    return container.fs.watch('.', { recursive: true }, (_event, name) => {
      const path = typeof name === 'string' ? name : new TextDecoder().decode(name)
      if (/(^|\/)node_modules(\/|$)/.test(path)) return
      if (touched.size === 0) {
        announcing = sleep(watchBatchMs).then(() => {
          const paths = [...touched]
          touched.clear()
          return announce(paths)
        })
      }
      touched.add(path)
    })
  }

  async function spawn(command: string, options: SpawnOptions = {}) {
    assertAlive()
    lastPid += 1
    const pid = lastPid
    const child = await spawnInContainer(container, pid, command, options)
    running.set(pid, { child, startedAt: Date.now() })
    processes.emit(undefined)
    void child.exit.then(() => {
      running.delete(pid)
      processes.emit(undefined)
    })
    // What a program wrote is told before it is said to have ended, as far as the vendor's watcher has seen it.
    const exit = child.exit.then(async (status) => {
      await announcing
      return status
    })
    return { ...child, exit }
  }

  async function snapshot() {
    assertAlive()
    return fromTree(await container.export('.', { format: 'json', excludes: ['node_modules'] }))
  }

  await mount(files)
  const watcher = watch()

  const sandbox: Sandbox = {
    kind: 'webcontainer',
    bootMs,
    mount,
    spawn,
    onFiles: writes.subscribe,
    async apply(changes) {
      for (const { path, after } of changes) {
        if (after === null) {
          known.delete(path)
          await container.fs.rm(path, { force: true })
        } else {
          known.set(path, after)
          const folder = path.slice(0, path.lastIndexOf('/') + 1)
          if (folder) await container.fs.mkdir(folder, { recursive: true })
          await container.fs.writeFile(path, after)
        }
      }
    },
    snapshot,
    async test({ files: only = [], filter, timeoutMs, signal } = {}) {
      const words = ['npx', 'vitest', 'run', '--reporter=json', `--outputFile=${reportPath}`, ...only]
      if (filter !== undefined) words.push('-t', filter)
      const command = words.map((word) => `'${word.replaceAll("'", `'"'"'`)}'`).join(' ')
      await container.fs.rm(reportPath, { force: true })
      const result = await runCommand(sandbox, command, { ...(timeoutMs && { timeoutMs }), ...(signal && { signal }) })
      signal?.throwIfAborted()
      const text = await container.fs.readFile(reportPath, 'utf8').catch(() => null)
      if (text !== null) return readJsonReport(text, container.workdir, result.durationMs)
      return failedRun(result.timedOut ? 'The tests did not end in time.' : result.stdout, result.durationMs)
    },
    async check(paths, signal) {
      const { stdout } = await runCommand(sandbox, 'npx tsc --noEmit --pretty false', signal ? { signal } : {})
      signal?.throwIfAborted()
      const diagnostics = readTscOutput(stdout)
      return paths ? diagnostics.filter(({ path }) => paths.includes(path)) : diagnostics
    },
    async processes() {
      return [...running.values()].map(({ child, startedAt }) => ({
        pid: child.pid,
        parentPid: 1,
        command: child.command,
        startedAt,
        // The vendor does not say which process listens.
        ports: [],
      }))
    },
    onProcesses: processes.subscribe,
    kill: (pid, signal = 'SIGTERM') => running.get(pid)?.child.kill(signal),
    fork: async () => openFork(await snapshot()),
    onPort: (listener) => container.on('port', (port, type) => listener({ port, pid: 0, open: type === 'open' })),
    async connect() {
      throw new VitrineError(
        'invalid_request',
        'WebContainer serves ports on addresses of its own and has no raw connections. Use the embedded sandbox.',
      )
    },
    async dispose() {
      if (disposed) return
      disposed = true
      watcher.close()
      for (const { child } of running.values()) child.kill('SIGKILL')
      container.teardown()
    },
  }
  return sandbox
}

function failedRun(error: string, durationMs: number): TestReport {
  return { passed: 0, failed: 1, skipped: 0, durationMs, suites: [{ file: '(test run)', error, tests: [] }] }
}
