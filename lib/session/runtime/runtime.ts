import { createStore, messageOf, VitrineError } from '@/lib/base'
import {
  type Mirror,
  type MirroredExecutables,
  type MirroredLinks,
  mirrorWorkspace,
  type PortEvent,
  runCommand,
  type Sandbox,
  type TestOptions,
  type TestReport,
  TestTimes,
  withTestTimes,
} from '@/lib/sandbox'
import { linksBeside, type Workspace } from '@/lib/workspace'
import type { RuntimeState, Session, TestsState } from '../types'
import { whenIdle } from '../when-idle'
import type { KeptFiles } from './kept-files'
import { createRunningProcesses } from './running-processes'
import { createSymbolCache, type SymbolCache } from './symbol-cache'

export interface RuntimeOptions {
  workspace: Workspace
  prefer: RuntimeState['kind']
  /** Throws when nothing may run here (restricted, read-only). */
  assertMayRun(): void
  /** The agent's running turn: what programs write meanwhile is its doing. */
  turnId: () => string | null
  /** Names what the sandbox's programs keep in the tab. */
  cacheScope: string
  onPort(event: PortEvent): void
  kept?: KeptFiles
  links?: MirroredLinks
  executables?: MirroredExecutables
  /** Why another sandbox than the preferred one runs. */
  onNotice(message: string): void
}

export interface SessionRuntime {
  api: Session['runtime']
  tests: Session['tests']
  /** Boots on first use. */
  sandbox(): Promise<Sandbox>
  synced(): Promise<void>
  /** What TypeScript knows by now of files that are as they were when it looked. */
  symbols: SymbolCache['current']
  /** The same after another look, where it has looked before. */
  refreshedSymbols(): ReturnType<SymbolCache['refreshed']>
  dispose(): Promise<void>
}

interface Machine {
  sandbox: Sandbox
  mirror: Mirror
}

/** Files that tests do not depend on; snapshots are written by the tests themselves. */
const prose = /\.(md|txt|snap)$/i

/** The session's sandbox: booted on first use, kept equal to the workspace, restarted on request. */
export function createRuntime(options: RuntimeOptions): SessionRuntime {
  const { workspace, prefer, assertMayRun, turnId, onNotice, kept, links, executables, cacheScope, onPort } = options
  const state = createStore<RuntimeState>(() => ({ status: 'off', kind: prefer, bootMs: null, error: null }))
  const tests = createStore<TestsState>(() => ({
    running: false,
    origin: null,
    report: null,
    stale: false,
    coverage: false,
  }))
  const declarations = createStore<{ files: readonly [path: string, text: string][] }>(() => ({ files: [] }))
  const processes = createRunningProcesses()
  const symbols = createSymbolCache(workspace)
  const testTimes = new TestTimes()
  const readDeclarations = async (sandbox: Sandbox) => {
    // A sandbox that goes meanwhile has said so elsewhere.
    const files = await sandbox.declarations?.().catch(() => null)
    if (files) declarations.setState({ files })
  }
  let booting: Promise<Machine> | null = null
  let codeEdits = 0
  const stopWatching = workspace.subscribe(({ changes }) => {
    if (changes.every(({ path }) => prose.test(path))) return
    codeEdits += 1
    if (tests.getState().report) tests.setState({ stale: true })
  })

  const boot = async (): Promise<Machine> => {
    state.setState({ status: 'booting', error: null })
    try {
      const { openSandbox } = await import('@/lib/sandbox/open')
      // Edits made while it boots are sent once it stands.
      const files = workspace.files
      const everything = new Map([...(kept?.files() ?? []), ...files])
      const mounted = linksBeside(everything, links?.all() ?? new Map())
      const marked = executables?.all()
      const { sandbox: opened, notice } = await openSandbox({
        ...{ prefer, files: everything, links: mounted, cacheScope },
        ...(marked && { executables: marked }),
      })
      const sandbox = withTestTimes(opened, testTimes)
      if (notice) onNotice(notice)
      const mirror = mirrorWorkspace(workspace, sandbox, {
        mounted: files,
        turnId,
        ...(kept && { keep: kept.save }),
        ...(links && { links: { ...links, mounted } }),
        ...(executables && marked && { executables: { ...executables, mounted: marked } }),
      })
      sandbox.onPort(onPort)
      processes.follow(sandbox)
      state.setState({ status: 'ready', kind: sandbox.kind, bootMs: sandbox.bootMs })
      sandbox.onInstall?.(() => void readDeclarations(sandbox))
      void readDeclarations(sandbox)
      warmUpChecker(sandbox, workspace, () => void symbols.look(sandbox))
      return { sandbox, mirror }
    } catch (error) {
      booting = null
      state.setState({ status: 'failed', error: messageOf(error) })
      throw new VitrineError('internal_error', `The sandbox did not start: ${messageOf(error)}`, { cause: error })
    }
  }
  const machine = async () => {
    assertMayRun()
    booting ??= boot()
    const ready = await booting
    await ready.mirror.synced()
    return ready
  }
  const shutDown = async () => {
    const running = booting
    booting = null
    if (!running) return
    const { sandbox, mirror } = await running
    mirror.dispose()
    processes.follow(null)
    state.setState({ status: 'off' })
    await sandbox.dispose()
  }

  const test = async (options?: TestOptions): Promise<TestReport> => {
    tests.setState({ running: true, origin: 'user' })
    try {
      const { sandbox } = await machine()
      const editsBefore = codeEdits
      const report = await sandbox.test({ coverage: tests.getState().coverage, ...options })
      tests.setState({ report, stale: codeEdits !== editsBefore })
      return report
    } finally {
      tests.setState({ running: false })
    }
  }

  return {
    tests,
    api: {
      state,
      declarations,
      spawn: async (command, options) => (await machine()).sandbox.spawn(command, options),
      run: async (command, options) => runCommand((await machine()).sandbox, command, options),
      test,
      running: processes.state,
      kill: processes.kill,
      async restart() {
        await shutDown().catch(() => undefined)
        await machine()
      },
    },
    sandbox: async () => (await machine()).sandbox,
    symbols: symbols.current,
    refreshedSymbols: () => symbols.refreshed(async () => (await machine()).sandbox),
    synced: async () => (await machine()).mirror.synced(),
    dispose() {
      stopWatching()
      return shutDown().catch(() => undefined)
    },
  }
}

/** The type checker takes seconds to start: better now, while nobody waits. `then` is called when it stands. */
function warmUpChecker(sandbox: Sandbox, workspace: Workspace, then: () => void) {
  const hasTypes = [...workspace.files.keys()].some((path) => /\.[cm]?tsx?$/.test(path))
  if (!hasTypes) return
  whenIdle(() => void sandbox.check([]).then(then, () => undefined), 5000)
}
