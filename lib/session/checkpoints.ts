import type { AgentEvent } from '@/lib/agent'
import { isDurable } from '@/lib/agent/events'
import { createId, createStore, type StoreApi, VitrineError } from '@/lib/base'
import {
  type CheckpointInfo,
  changesBetween,
  type Executables,
  executableChanges,
  type FileChange,
  type FileMap,
  type History,
  type LinkMap,
  linkChangesBetween,
  type ThreadPosition,
  type Workspace,
} from '@/lib/workspace'
import type { BrowserStore, NewCheckpoint, ProjectWriter, StoredCheckpoint } from '@/lib/workspace/browser-store'
import type { AgentFacade } from './agent-facade'
import type { ProjectExecutables } from './projects/project-executables'
import type { ProjectLinks } from './projects/project-links'
import { readEvents } from './threads/read-events'
import type { ThreadKeeping } from './threads/threads'

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
  executables: ProjectExecutables
  history: Pick<History, 'change'>
  agent(): AgentFacade
  threads(): ThreadKeeping
  assertMayRun(): void
}

export interface CheckpointKeeping {
  api: Checkpoints
  /** The files of a checkpoint. */
  filesAt(id: string): Promise<FileMap>
  /**
   * Saves files and conversation; resolves to the checkpoint's id when it is durable. Within a turn that changed nothing
   * since the last one it resolves at once: it is durable with the events that come next.
   */
  save(label: string, turnId: string | null): Promise<string>
}

/** The states of a project that can be gone back to. */
export function createCheckpoints(options: CheckpointsOptions): CheckpointKeeping {
  const { projectId, store, workspace, links, executables } = options
  const state = createStore<{ list: readonly CheckpointInfo[] }>(() => ({ list: [] }))

  const read = async (id: string): Promise<StoredCheckpoint> => {
    const checkpoint = (await options.writer()?.readCheckpoint(id)) ?? (await store.readCheckpoint(projectId, id))
    if (!checkpoint) throw new VitrineError('not_found', 'This checkpoint is no longer stored.', { param: 'id' })
    return checkpoint
  }

  /** The last one that holds files. */
  let whole: (Pick<NewCheckpoint, 'id' | 'turnId'> & Held) | null = null

  /** Saved, and not in the list yet: the next step does not wait until it is shown. */
  const fresh: CheckpointInfo[] = []
  const publish = () => {
    const added = fresh.splice(0)
    if (added.length > 0) state.setState(({ list }) => ({ list: [...list, ...added] }))
  }

  /** A thread only grows, so each event is looked at once. */
  let counted = { threadId: '', upTo: 0, durable: 0 }
  const countDurable = ({ id, events }: AgentFacade['thread']): number => {
    const all = events()
    if (counted.threadId !== id || counted.upTo > all.length) counted = { threadId: id, upTo: 0, durable: 0 }
    for (; counted.upTo < all.length; counted.upTo++) {
      const event = all[counted.upTo]
      if (event && isDurable(event)) counted.durable += 1
    }
    return counted.durable
  }

  const save: CheckpointKeeping['save'] = async (label, turnId) => {
    const { thread } = options.agent()
    const now: Held = { files: workspace.files, ...links.state.getState(), ...executables.state.getState() }
    const isSame = turnId !== null && whole?.turnId === turnId && isEqual(whole, now)
    const checkpoint = {
      ...{ id: createId('checkpoint_'), at: Date.now(), label, turnId },
      ...(isSame && whole && { filesOf: whole.id }),
    }
    const events = countDurable(thread)
    const saving = options.writer()?.saveCheckpoint({ ...checkpoint, ...now, thread: { threadId: thread.id, events } })
    if (!isSame) {
      whole = { ...now, id: checkpoint.id, turnId }
      await saving
    }
    fresh.push(checkpoint)
    if (isSame) setTimeout(publish)
    else publish()
    return checkpoint.id
  }

  /** What was said up to a checkpoint, and that it was made; rejects when nobody has it any more. */
  const saidUntil = async (id: string, { threadId, events }: ThreadPosition): Promise<readonly AgentEvent[]> => {
    const { thread } = options.agent()
    const shown = thread.events().filter(isDurable)
    const tells = (event: AgentEvent | undefined) => event?.type === 'checkpoint' && event.checkpointId === id
    const until = (said: readonly AgentEvent[]) => said.slice(0, tells(said[events]) ? events + 1 : events)
    if (threadId === thread.id) return until(shown)
    const recorded = await readEvents(await store.readThread(projectId, threadId))
    if (recorded.length >= events) return until(recorded)
    // A conversation that went off from one that was deleted since holds it, too.
    const told = shown.findIndex(tells)
    if (told !== -1) return shown.slice(0, told + 1)
    throw new VitrineError(
      'not_found',
      'The conversation of this checkpoint is no longer stored. Go back to its files alone.',
      { param: 'id' },
    )
  }

  /** Steps that changed nothing share the files of one checkpoint: they are read once in a row. */
  let lastRead: { id: string; files: Promise<FileMap> } | null = null
  const filesAt = (id: string): Promise<FileMap> => {
    const holder = state.getState().list.find((each) => each.id === id)?.filesOf ?? id
    if (lastRead?.id === holder) return lastRead.files
    const files = read(holder).then((checkpoint) => checkpoint.files)
    lastRead = { id: holder, files }
    // Storage that did not answer may do so the next time.
    files.catch(() => {
      if (lastRead?.files === files) lastRead = null
    })
    return files
  }

  return {
    save,
    filesAt,
    api: {
      state,
      async restore(id, what = 'both') {
        options.assertMayRun()
        const checkpoint = await read(id)
        const said = what !== 'files' && checkpoint.thread ? await saidUntil(id, checkpoint.thread) : null
        await options.agent().stop()
        await save(`Before going back to “${checkpoint.label}”`, null)
        if (what !== 'thread') {
          const { links: linked } = links.state.getState()
          const { executables: marked } = executables.state.getState()
          const files = knownFiles(checkpoint, workspace.files)
          options.history.change({
            changes: changesBetween(workspace.files, files),
            links: linkChangesBetween(linked, checkpoint.links ?? linked),
            executables: executableChanges(files.keys(), marked, checkpoint.executables ?? marked),
            meta: { origin: 'restore', label: `Back to “${checkpoint.label}”` },
          })
        }
        if (said) await options.threads().openCopy(withoutOpening(said))
      },
      async compare(from, to) {
        const old = await read(from)
        const after = to === 'now' ? workspace.files : knownFiles(await read(to), old.files)
        const before = knownFiles(old, after)
        return changesBetween(before, after).map(({ path, after: data }) => ({
          path,
          before: before.get(path) ?? null,
          after: data,
        }))
      },
    },
  }
}

/** What a checkpoint holds of the project. */
interface Held {
  files: FileMap
  links: LinkMap
  executables: Executables
}

function isEqual(one: Held, other: Held): boolean {
  return one.files === other.files && one.links === other.links && one.executables === other.executables
}

/** What storage has lost of a checkpoint counts as not changed since. */
function knownFiles({ files, missing }: StoredCheckpoint, now: FileMap): FileMap {
  const unknown = missing.flatMap((path) => {
    const data = now.get(path)
    return data === undefined ? [] : [[path, data] as const]
  })
  return unknown.length === 0 ? files : new Map([...files, ...unknown])
}

/** The checkpoint before a turn is made just after the turn began: going back to it means that it never did. */
function withoutOpening<Event extends { type: string }>(events: readonly Event[]): readonly Event[] {
  const start = events.findLastIndex(({ type }) => type === 'turn-start')
  const hasBegun = events.slice(start + 1).some(({ type }) => type !== 'taint' && type !== 'checkpoint')
  return start === -1 || hasBegun ? events : events.slice(0, start)
}
