import { createEmitter, createStore, type StoreApi } from '@/lib/base'
import type { MirroredExecutables } from '@/lib/sandbox'
import { machineOnly } from '@/lib/sandbox/machine-only'
import {
  applyExecutables,
  type EditOrigin,
  type ExecutableChange,
  type Executables,
  type FileMap,
  scriptsOf,
  type Workspace,
} from '@/lib/workspace'

/** What of an open project may be run by its path, as the sandbox, checkpoints and what leaves the project see it. */
export interface ProjectExecutables {
  /** Without what only programs see, such as `.venv`. */
  state: StoreApi<{ executables: Executables }>
  /** `chmod +x` and `chmod -x`, in the sandbox as well. */
  change(changes: readonly ExecutableChange[]): void
}

export interface StoredExecutables extends ProjectExecutables {
  mirrored: MirroredExecutables
  /** From here on they are known, where they were only guessed so far. */
  save(): void
  /** The project's memory was read anew. */
  recall(): void
}

export interface ProjectExecutablesOptions {
  workspace: Workspace
  /** Files that only programs see. */
  kept(): FileMap
  /** What is stored with the project under names; stored under its id, so that it goes when the project goes. */
  memory: ReadonlyMap<string, unknown>
  setMemory(key: string, value: unknown): void
}

const key = 'executables'

/** A file that comes back is the one that it was; any other that is made starts without the bit, as on Linux. */
const bringsBack: ReadonlySet<EditOrigin> = new Set(['undo', 'restore'])

export function createProjectExecutables(options: ProjectExecutablesOptions): StoredExecutables {
  const { workspace, kept, memory, setMemory } = options
  const changed = createEmitter<readonly ExecutableChange[]>()
  let all: Executables = new Set()
  const state = createStore<{ executables: Executables }>(() => ({ executables: all }))

  function show(executables: Executables) {
    all = executables
    state.setState({ executables: new Set([...all].filter((path) => machineOnly(path) === null)) })
  }
  function recall() {
    const files = new Map([...kept(), ...workspace.files])
    const stored = memory.get(key)
    show(isPaths(stored) ? new Set(stored.filter((path) => files.has(path))) : scriptsOf(files))
  }
  function take(changes: readonly ExecutableChange[]) {
    const news = changes.filter(({ path, executable }) => all.has(path) !== executable)
    if (news.length === 0) return
    show(applyExecutables(all, news))
    setMemory(key, [...all])
  }
  function change(changes: readonly ExecutableChange[]) {
    take(changes)
    if (changes.length > 0) changed.emit(changes)
  }

  recall()
  workspace.subscribe(({ origin, changes }) => {
    if (bringsBack.has(origin)) return
    const made = changes.filter(({ before, after }) => before === null && after !== null)
    take(made.map(({ path }) => ({ path, executable: false })))
  })
  return {
    state,
    change,
    mirrored: { all: () => all, onChange: changed.subscribe, take },
    save() {
      if (!isPaths(memory.get(key))) setMemory(key, [...all])
    },
    recall,
  }
}

/** The memory of a new project in which these are executable. */
export function executableMemory(executables: Executables): [key: string, value: unknown] {
  return [key, [...executables]]
}

function isPaths(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((path) => typeof path === 'string')
}
