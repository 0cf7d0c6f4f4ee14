import { createEmitter, createStore, type StoreApi } from '@/lib/base'
import type { MirroredLinks } from '@/lib/sandbox'
import { machineOnly } from '@/lib/sandbox/machine-only'
import { isLink, type LinkChange, type LinkMap, linkChangesBetween, linksBeside, type Workspace } from '@/lib/workspace'

/** The symbolic links of an open project, as components and checkpoints see them. */
export interface ProjectLinks {
  /** Without those of what only programs see, such as `.venv`. */
  state: StoreApi<{ links: LinkMap }>
  /** Makes and removes links, in the sandbox as well. */
  change(changes: readonly LinkChange[]): void
}

export interface StoredLinks extends ProjectLinks {
  mirrored: MirroredLinks
  /** The project's memory was read anew. */
  recall(): void
}

export interface ProjectLinksOptions {
  workspace: Workspace
  /** What is stored with the project under names; stored under its id, so that they go when the project goes. */
  memory: ReadonlyMap<string, unknown>
  setMemory(key: string, value: unknown): void
}

const prefix = 'link:'

export function createProjectLinks({ workspace, memory, setMemory }: ProjectLinksOptions): StoredLinks {
  const changed = createEmitter<readonly LinkChange[]>()
  let all: LinkMap = new Map()
  const state = createStore<{ links: LinkMap }>(() => ({ links: all }))

  function show(links: LinkMap) {
    all = links
    state.setState({ links: new Map([...links].filter(([path]) => machineOnly(path) === null)) })
  }
  function recall() {
    const stored = [...memory].flatMap(([key, target]): [string, string][] => {
      const path = key.slice(prefix.length)
      return key.startsWith(prefix) && isLink(path, target) ? [[path, target]] : []
    })
    show(linksBeside(workspace.files, new Map(stored)))
  }
  function take(changes: readonly LinkChange[]) {
    const next = new Map(all)
    for (const { path, target } of changes) {
      setMemory(prefix + path, target ?? undefined)
      if (target === null) next.delete(path)
      else next.set(path, target)
    }
    show(linksBeside(workspace.files, next))
  }
  function change(changes: readonly LinkChange[]) {
    if (changes.length === 0) return
    take(changes)
    changed.emit(changes)
  }

  recall()
  // A file that takes a link's place keeps it; in the sandbox too, where the link would lead the file elsewhere.
  workspace.subscribe(({ origin }) => {
    if (all.size === 0) return
    const lost = linkChangesBetween(all, linksBeside(workspace.files, all))
    if (origin !== 'sandbox') change(lost)
    else if (lost.length > 0) take(lost)
  })
  return { state, change, mirrored: { all: () => all, onChange: changed.subscribe, take }, recall }
}

/** The memory of a new project that has these links. */
export function linkMemory(links: LinkMap): [key: string, target: string][] {
  return [...links].map(([path, target]) => [prefix + path, target])
}
