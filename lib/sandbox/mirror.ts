import { pathProblem } from '@/lib/base'
import { changesBetween, type FileMap, type Workspace } from '@/lib/workspace'
import type { Sandbox } from './types'

export interface Mirror {
  /** Resolves when every edit made so far has reached the sandbox. */
  synced(): Promise<void>
  dispose(): void
}

export interface MirrorOptions {
  mounted: FileMap
  turnId: () => string | null
}

/**
 * Keeps a workspace and a sandbox equal: edits go in, what programs write comes out.
 * A path that may not name a project file (see `pathProblem`) stays in the sandbox.
 * `mounted` is what the sandbox started with; edits made since are sent first. What programs write while the agent
 * works (`turnId` is not null) counts as the agent's, so that it comes under review.
 */
export function mirrorWorkspace(workspace: Workspace, sandbox: Sandbox, { mounted, turnId }: MirrorOptions): Mirror {
  let sent: Promise<void> = sandbox.apply(changesBetween(mounted, workspace.files))
  const stopEdits = workspace.subscribe((edit) => {
    if (edit.origin !== 'sandbox') sent = sent.then(() => sandbox.apply(edit.changes))
  })
  const stopWrites = sandbox.onFiles((changes) => {
    const allowed = changes.filter((change) => pathProblem(change.path) === null)
    const turn = turnId()
    workspace.apply(allowed, { origin: 'sandbox', label: 'Written by a program', ...(turn ? { turnId: turn } : {}) })
  })
  return {
    synced: () => sent,
    dispose() {
      stopEdits()
      stopWrites()
    },
  }
}
