import { isDurable } from '@/lib/agent/events'
import { createId, createStore, type StoreApi, VitrineError } from '@/lib/base'
import {
  type CheckpointInfo,
  changesBetween,
  type FileChange,
  type FileMap,
  type History,
  linkChangesBetween,
  type Workspace,
} from '@/lib/workspace'
import type { BrowserStore, ProjectWriter, StoredCheckpoint } from '@/lib/workspace/browser-store'
import type { AgentFacade } from './agent-facade'
import type { ProjectLinks } from './project-links'
import { readEvents } from './read-events'
import type { ThreadKeeping } from './threads'

export interface Checkpoints {
  /** Oldest first. */
  state: StoreApi<{ list: readonly CheckpointInfo[] }>
  /** Makes a checkpoint of the present state first, so that nothing is lost. */
  restore(id: string, what?: 'files' | 'thread' | 'both'): Promise<void>
  /** What changed from one to the other; `now` is the files as they are. */
  compare(from: string, to: string | 'now'): Promise<readonly FileChange[]>
}

export interface CheckpointsOptions {
  projectId: string
  store: BrowserStore
  /** Null while another tab writes. */
  writer(): ProjectWriter | null
  workspace: Workspace
  links: ProjectLinks
  history: Pick<History, 'change'>
  agent(): AgentFacade
  threads(): ThreadKeeping
  assertMayRun(): void
}

export interface CheckpointKeeping {
  api: Checkpoints
  /** The files of a checkpoint. */
  filesAt(id: string): Promise<FileMap>
  /** Saves files and conversation; resolves to the checkpoint's id when it is durable. */
  save(label: string, turnId: string | null): Promise<string>
}

/** The states of a project that can be gone back to. */
export function createCheckpoints(options: CheckpointsOptions): CheckpointKeeping {
  const { projectId, store, workspace, links } = options
  const state = createStore<{ list: readonly CheckpointInfo[] }>(() => ({ list: [] }))

  const read = async (id: string): Promise<StoredCheckpoint> => {
    const checkpoint = (await options.writer()?.readCheckpoint(id)) ?? (await store.readCheckpoint(projectId, id))
    if (!checkpoint) throw new VitrineError('not_found', 'This checkpoint is no longer stored.', { param: 'id' })
    return checkpoint
  }

  const save: CheckpointKeeping['save'] = async (label, turnId) => {
    const { thread } = options.agent()
    const checkpoint = { id: createId('checkpoint_'), at: Date.now(), label, turnId }
    const events = thread.events().filter(isDurable).length
    await options.writer()?.saveCheckpoint({
      ...checkpoint,
      files: workspace.files,
      links: links.state.getState().links,
      thread: { threadId: thread.id, events },
    })
    state.setState(({ list }) => ({ list: [...list, checkpoint] }))
    return checkpoint.id
  }

  return {
    save,
    filesAt: async (id) => (await read(id)).files,
    api: {
      state,
      async restore(id, what = 'both') {
        options.assertMayRun()
        const checkpoint = await read(id)
        await options.agent().stop()
        await save(`Before going back to “${checkpoint.label}”`, null)
        if (what !== 'thread') {
          const { links: linked } = links.state.getState()
          options.history.change({
            changes: changesBetween(workspace.files, checkpoint.files),
            links: linkChangesBetween(linked, checkpoint.links ?? linked),
            meta: { origin: 'restore', label: `Back to “${checkpoint.label}”` },
          })
        }
        if (what !== 'files' && checkpoint.thread) {
          const { threadId, events } = checkpoint.thread
          const recorded = await readEvents(await store.readThread(projectId, threadId))
          await options.threads().openCopy(withoutOpening(recorded.slice(0, events)))
        }
      },
      async compare(from, to) {
        const [before, after] = await Promise.all([
          read(from).then(({ files }) => files),
          to === 'now' ? workspace.files : read(to).then(({ files }) => files),
        ])
        return changesBetween(before, after).map(({ path, after: data }) => ({
          path,
          before: before.get(path) ?? null,
          after: data,
        }))
      },
    },
  }
}

/** The checkpoint before a turn is made just after the turn began: going back to it means that it never did. */
function withoutOpening<Event extends { type: string }>(events: readonly Event[]): readonly Event[] {
  const start = events.findLastIndex(({ type }) => type === 'turn-start')
  const hasBegun = events.slice(start + 1).some(({ type }) => type !== 'taint')
  return start === -1 || hasBegun ? events : events.slice(0, start)
}
