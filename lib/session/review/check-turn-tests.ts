import type { AgentEvent } from '@/lib/agent'
import type { TestCheck } from '@/lib/agent/candidates/mutation-check'
import { emptyThread, foldThread } from '@/lib/agent/view/thread-view'
import type { Sandbox } from '@/lib/sandbox'
import { changesBetween, type FileMap, type Workspace } from '@/lib/workspace'

export interface CheckTurnTests {
  events: readonly AgentEvent[]
  turnId: string
  /** The files of a checkpoint; null when it is no longer stored. */
  readFiles: (checkpointId: string) => Promise<FileMap | null>
  workspace: Workspace
  sandbox: () => Promise<Sandbox>
  synced: () => Promise<void>
  signal: AbortSignal
  onProgress: (done: number, total: number) => void
}

/** Whether tests notice when what a turn changed is broken. Rejects only with the signal's reason, or without a sandbox. */
export async function checkTurnTests({ events, turnId, readFiles, ...options }: CheckTurnTests): Promise<TestCheck> {
  const turn = events.reduce(foldThread, emptyThread).turns.find(({ id }) => id === turnId)
  const before = turn?.checkpointId ? await readFiles(turn.checkpointId) : null
  if (!turn || !before) return { kind: 'not-checked', why: 'The state before this turn is no longer stored.' }
  const paths = new Set(turn.changes.map(({ path }) => path))
  const changes = changesBetween(before, options.workspace.files).filter(({ path }) => paths.has(path))
  const { checkTests } = await import('@/lib/agent/candidates/mutation-check')
  return checkTests({ ...options, changes, cores: navigator.hardwareConcurrency })
}
