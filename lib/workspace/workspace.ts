import { assert, createEmitter, createId, pathProblem } from '@/lib/base'
import { applyChanges, type FileChange, type FileData, type FileMap, sameData } from './files'

export type EditOrigin = 'user' | 'agent' | 'sandbox' | 'undo' | 'restore' | 'import'

/**
 * One change of the project: typing, a patch, an undo, a file a program wrote. The only way files change.
 * `turnId` and `callId` are set when the agent made it.
 */
export interface Edit {
  id: string
  /** Milliseconds since the epoch; order comes from the journal, never from this. */
  at: number
  origin: EditOrigin
  label: string
  changes: readonly FileChange[]
  turnId?: string
  callId?: string
}

export type EditMeta = Pick<Edit, 'origin' | 'label' | 'turnId' | 'callId'>

/** The live files of one open project: an immutable snapshot that edits replace. */
export interface Workspace {
  readonly files: FileMap
  /** Grows by one with each edit. */
  readonly version: number
  /** Applies all changes at once and announces one Edit; null when nothing would change. Throws on a path that is not allowed. */
  apply(changes: readonly { path: string; after: FileData | null }[], meta: EditMeta): Edit | null
  /** Called after each edit, synchronously, in order. */
  subscribe(listener: (edit: Edit) => void): () => void
}

export function createWorkspace(initial: FileMap = new Map()): Workspace {
  let files = initial
  let version = 0
  const edits = createEmitter<Edit>()
  return {
    get files() {
      return files
    },
    get version() {
      return version
    },
    apply(requested, meta) {
      const changes: FileChange[] = []
      for (const { path, after } of requested) {
        const problem = pathProblem(path)
        assert(problem === null, `${path}: ${problem}`)
        const before = files.get(path) ?? null
        if (!sameData(before, after)) changes.push({ path, before, after })
      }
      if (changes.length === 0) return null
      const edit: Edit = { id: createId('edit_'), at: Date.now(), changes, ...meta }
      files = applyChanges(files, changes)
      version += 1
      edits.emit(edit)
      return edit
    },
    subscribe: edits.subscribe,
  }
}
