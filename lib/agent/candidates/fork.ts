import { mirrorWorkspace, type Sandbox } from '@/lib/sandbox'
import { machineOnly } from '@/lib/sandbox/machine-only'
import { createWorkspace, type ExecutableChange, type FileMap, type LinkChange, type Workspace } from '@/lib/workspace'
import { createSharedCheck, type SharedCheck } from './shared-check'

/** The project as it stood at one moment: what all attempts start from, however late they begin. */
export interface ForkBase {
  files: FileMap
  /** A copy of the machine that nobody works in; rejects where no sandbox runs. */
  sandbox: Promise<Sandbox>
  checker: SharedCheck
  dispose(): void
}

/** A workspace of its own, with a sandbox of its own that is kept equal to it. Nothing in it reaches the project. */
export interface Fork {
  workspace: Workspace
  sandbox(): Promise<Sandbox>
  synced(): Promise<void>
  /** The symbolic links that its programs made, removed or led elsewhere. */
  links(): LinkChange[]
  /** Puts links in after the edits made so far. */
  placeLinks(changes: readonly LinkChange[]): void
  /** What its programs made executable, and not. */
  executables(): ExecutableChange[]
  placeExecutables(changes: readonly ExecutableChange[]): void
  /** Ends its programs and forgets its files. */
  dispose(): void
}

/** What is frozen. */
export interface ForkSource {
  workspace: Workspace
  sandbox: () => Promise<Sandbox>
  synced: () => Promise<void>
}

/** Where the sandbox does not start, attempts can still read and write. */
export async function freeze(source: ForkSource): Promise<ForkBase> {
  let machine: Sandbox
  let files: FileMap
  try {
    machine = await source.sandbox()
    files = await settledFiles(source)
  } catch (error) {
    return toBase(source.workspace.files, quiet(Promise.reject(error)))
  }
  // Asked for in the same breath, so that no later edit is in the copy.
  return toBase(files, quiet(machine.fork()))
}

function toBase(files: FileMap, sandbox: Promise<Sandbox>): ForkBase {
  const checker = createSharedCheck(sandbox, files)
  return {
    files,
    sandbox,
    checker,
    dispose() {
      checker.dispose()
      discard(sandbox)
    },
  }
}

/** The files of a moment in which the sandbox has them too. */
async function settledFiles({ workspace, synced }: ForkSource): Promise<FileMap> {
  for (;;) {
    const { files } = workspace
    await synced()
    if (files === workspace.files) return files
  }
}

export function openFork(base: ForkBase, turnId: string): Fork {
  const workspace = createWorkspace(base.files)
  const links = new Map<string, string | null>()
  const noteLinks = (changes: readonly LinkChange[]) => {
    for (const { path, target } of changes) if (machineOnly(path) === null) links.set(path, target)
  }
  const executables = new Map<string, boolean>()
  const noteExecutables = (changes: readonly ExecutableChange[]) => {
    for (const { path, executable } of changes) if (machineOnly(path) === null) executables.set(path, executable)
  }
  const opened = quiet(
    base.sandbox
      .then((sandbox) => sandbox.fork())
      .then((sandbox) => ({
        sandbox: {
          ...sandbox,
          check: (paths?: string[], signal?: AbortSignal) => base.checker.check(workspace.files, paths, signal),
        },
        mirror: mirrorWorkspace(workspace, sandbox, {
          mounted: base.files,
          turnId: () => turnId,
          links: { mounted: new Map(), all: () => new Map(), onChange: () => () => undefined, take: noteLinks },
          executables: {
            mounted: new Set(),
            all: () => new Set(),
            onChange: () => () => undefined,
            take: noteExecutables,
          },
        }),
      })),
  )
  return {
    workspace,
    sandbox: async () => (await opened).sandbox,
    synced: async () => (await opened).mirror.synced(),
    links: () => [...links].map(([path, target]) => ({ path, target })),
    placeLinks(changes) {
      if (changes.length === 0) return
      noteLinks(changes)
      quiet(opened.then(({ mirror, sandbox }) => mirror.synced().then(() => sandbox.link?.(changes))))
    },
    executables: () => [...executables].map(([path, executable]) => ({ path, executable })),
    placeExecutables(changes) {
      if (changes.length === 0) return
      noteExecutables(changes)
      quiet(opened.then(({ mirror, sandbox }) => mirror.synced().then(() => sandbox.setExecutable?.(changes))))
    },
    dispose() {
      opened.then(({ mirror }) => mirror.dispose()).catch(() => undefined)
      discard(opened.then(({ sandbox }) => sandbox))
    },
  }
}

/** Whoever waits for it hears of a failure. */
function quiet<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => undefined)
  return promise
}

/** A machine that is gone already, or never came, needs no ending. */
function discard(sandbox: Promise<Sandbox>): void {
  quiet(sandbox.then((machine) => machine.dispose()))
}
