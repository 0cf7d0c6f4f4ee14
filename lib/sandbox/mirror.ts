import { pathProblem } from '@/lib/base'
import {
  changesBetween,
  type ExecutableChange,
  type Executables,
  executableChanges,
  type FileChange,
  type FileData,
  type FileMap,
  type LinkChange,
  type LinkMap,
  linkChangesBetween,
  type Workspace,
} from '@/lib/workspace'
import { machineOnly } from './machine-only'
import type { Sandbox } from './types'

export interface Mirror {
  /** Resolves when every edit made so far has reached the sandbox. */
  synced(): Promise<void>
  dispose(): void
}

export interface MirrorOptions {
  mounted: FileMap
  turnId: () => string | null
  /** Takes what is stored with the project but is no file of it; see `machineOnly`. */
  keep?(path: string, data: FileData | null): void
  links?: MirroredLinks & { mounted: LinkMap }
  executables?: MirroredExecutables & { mounted: Executables }
}

/** The symbolic links that are stored with the project. */
export interface MirroredLinks {
  all(): LinkMap
  /** Tells what the IDE changes. */
  onChange(listener: (changes: readonly LinkChange[]) => void): () => void
  /** Takes what has changed in the sandbox. */
  take(changes: readonly LinkChange[]): void
}

/** What is executable, as it is stored with the project. */
export interface MirroredExecutables {
  all(): Executables
  /** Tells what the IDE changes. */
  onChange(listener: (changes: readonly ExecutableChange[]) => void): () => void
  /** Takes what has changed in the sandbox. */
  take(changes: readonly ExecutableChange[]): void
}

/**
 * Keeps a workspace and a sandbox equal: edits go in, what programs write comes out.
 * A path that may not name a project file (see `pathProblem`) stays in the sandbox.
 * `mounted` is what the sandbox started with; edits made since are sent first. What programs write while the agent
 * works (`turnId` is not null) counts as the agent's, so that it comes under review.
 */
export function mirrorWorkspace(
  workspace: Workspace,
  sandbox: Sandbox,
  { mounted, turnId, keep, links, executables }: MirrorOptions,
): Mirror {
  /** How many edits of a path are on their way in. */
  const underway = new Map<string, number>()
  let sent: Promise<void> = Promise.resolve()

  const send = (changes: readonly FileChange[]) => {
    for (const { path } of changes) underway.set(path, (underway.get(path) ?? 0) + 1)
    sent = sent.then(() => sandbox.apply(changes).then(() => arrived(changes)))
    // Whoever waits for it hears of a failure; that a sandbox is gone, everybody is told elsewhere.
    sent.catch(() => undefined)
  }
  const arrived = (changes: readonly FileChange[]) => {
    for (const { path } of changes) {
      const left = (underway.get(path) ?? 1) - 1
      if (left > 0) underway.set(path, left)
      else underway.delete(path)
    }
  }

  // After the edits made before them: links take the places that files have left.
  const sendLinks = (changes: readonly LinkChange[]) => {
    if (changes.length === 0) return
    sent = sent.then(() => sandbox.link?.(changes))
    sent.catch(() => undefined)
  }

  // After the edits made before them: a file is there before its mode.
  const sendExecutables = (changes: readonly ExecutableChange[]) => {
    if (changes.length === 0) return
    sent = sent.then(() => sandbox.setExecutable?.(changes))
    sent.catch(() => undefined)
  }

  send(changesBetween(mounted, workspace.files))
  sendLinks(links ? linkChangesBetween(links.mounted, links.all()) : [])
  const stopLinkChanges = links?.onChange(sendLinks)
  const marked = executables?.all() ?? new Set()
  sendExecutables(executables ? executableChanges(workspace.files.keys(), executables.mounted, marked) : [])
  const stopExecutableChanges = executables?.onChange(sendExecutables)
  const stopEdits = workspace.subscribe((edit) => {
    if (edit.origin === 'sandbox') return
    send(edit.changes)
    // What is brought back is as it was.
    const added = edit.changes.filter(({ path, before }) => before === null && executables?.all().has(path))
    sendExecutables(added.map(({ path }) => ({ path, executable: true })))
  })
  const stopWrites = sandbox.onFiles((changes) => {
    for (const { path, after } of changes) {
      if (machineOnly(path) === 'keep' && pathProblem(path) === null) keep?.(path, after)
    }
    // What a program wrote before an edit arrived is overwritten there by that edit, so it must not win here.
    const allowed = changes.filter(
      ({ path }) => machineOnly(path) === null && pathProblem(path) === null && !underway.has(path),
    )
    if (allowed.length === 0) return
    const turn = turnId()
    workspace.apply(allowed, { origin: 'sandbox', label: 'Written by a program', ...(turn ? { turnId: turn } : {}) })
  })
  const stopLinks = sandbox.onLinks?.((changes) => {
    const stored = changes.filter(({ path }) => machineOnly(path) !== 'drop' && pathProblem(path) === null)
    if (stored.length > 0) links?.take(stored)
  })
  const stopExecutables = sandbox.onExecutables?.((changes) => {
    const stored = changes.filter(({ path }) => machineOnly(path) !== 'drop' && pathProblem(path) === null)
    if (stored.length > 0) executables?.take(stored)
  })
  return {
    synced: () => sent,
    dispose() {
      stopEdits()
      stopWrites()
      stopLinks?.()
      stopLinkChanges?.()
      stopExecutables?.()
      stopExecutableChanges?.()
    },
  }
}
