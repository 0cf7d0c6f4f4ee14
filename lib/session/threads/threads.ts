import type { AgentEvent } from '@/lib/agent'
import { isDurable } from '@/lib/agent/events'
import { isOutput } from '@/lib/agent/history'
import { createId, createStore, type StoreApi, VitrineError } from '@/lib/base'
import type { FileMap, LinkMap } from '@/lib/workspace'
import type { AgentFacade, OpenThread } from '../agent-facade'
import { readEvents } from './read-events'
import { type ThreadFile, type ThreadFormat, toThreadFile } from './thread-file'

export interface ThreadInfo {
  id: string
  title: string
  /** Milliseconds since the epoch. */
  createdAt: number
  updatedAt: number
  /** The conversation that this one went off from. */
  forkedFrom: string | null
}

export interface ThreadHit {
  thread: ThreadInfo
  /** Where it was found; empty when in the title. */
  excerpt: string
}

export interface Threads {
  /** Last used first. A conversation is listed from its first message on. */
  state: StoreApi<{ list: readonly ThreadInfo[] }>
  open(id: string): Promise<void>
  rename(id: string, title: string): void
  /** Deletes for good. Deleting the open one opens a new one. */
  remove(id: string): Promise<void>
  /** Goes on from just before or after a turn (without one: from the end) in a conversation of its own; the old one stays. */
  fork(turnId?: string, where?: 'before' | 'after'): Promise<void>
  /** Likewise from just after the step that made a call: within its turn, which can be continued there or left. */
  forkAfterCall(callId: string): Promise<void>
  /** Looks at titles, at what the user wrote and at what the agent answered. */
  search(query: string): Promise<ThreadHit[]>
  export(id: string, format: ThreadFormat): Promise<ThreadFile>
}

export interface ThreadKeeping {
  api: Threads
  /** Tells of events that were recorded. */
  note(threadId: string, recorded: readonly AgentEvent[]): void
  /** Opens a conversation of its own that begins with these events. */
  openCopy(events: readonly AgentEvent[]): Promise<void>
  /** Another tab has written meanwhile: its list takes the place of this one. */
  recall(remembered: unknown): void
}

export interface ThreadsOptions {
  agent: AgentFacade
  assertMayChange(): void
  optionsFor(id: string, events: readonly AgentEvent[]): OpenThread
  store: {
    read(threadId: string): Promise<readonly unknown[]>
    append(threadId: string, events: readonly AgentEvent[]): Promise<void>
    remove(threadId: string): Promise<void>
  }
  /** The files that a checkpoint holds; rejects when it is gone. */
  filesAt(checkpointId: string): Promise<FileMap>
  links(): LinkMap
  /** As remembered from an earlier visit. */
  remembered: unknown
  remember(list: readonly ThreadInfo[]): void
}

const maxTitle = 80
const maxExcerpt = 120

/** The conversations of one project. */
export function createThreads(options: ThreadsOptions): ThreadKeeping {
  const { agent, store, optionsFor, assertMayChange } = options
  const state = createStore(() => ({ list: readList(options.remembered) as readonly ThreadInfo[] }))
  state.subscribe(({ list }) => options.remember(list))

  const put = (info: ThreadInfo) => {
    state.setState(({ list }) => ({
      list: [info, ...list.filter(({ id }) => id !== info.id)].sort((a, b) => b.updatedAt - a.updatedAt),
    }))
  }
  const find = (id: string): ThreadInfo => {
    const info = state.getState().list.find((thread) => thread.id === id)
    if (!info) throw new VitrineError('not_found', 'This conversation is no longer stored.', { param: 'id' })
    return info
  }
  const eventsOf = async (id: string): Promise<readonly AgentEvent[]> =>
    id === agent.thread.id ? agent.thread.events().filter(isDurable) : readEvents(await store.read(id))

  const show = (id: string, events: readonly AgentEvent[]) => agent.open(optionsFor(id, events))
  const note: ThreadKeeping['note'] = (threadId, recorded) => {
    for (const event of recorded) {
      if (event.type !== 'turn-start' && event.type !== 'turn-end') continue
      const known = state.getState().list.find(({ id }) => id === threadId)
      if (known) put({ ...known, updatedAt: event.at })
      else if (event.type === 'turn-start') put(newInfo(threadId, event))
    }
  }
  const openCopy = async (events: readonly AgentEvent[], from: string | null = null) => {
    const id = createId('thread_')
    const first = events.find((event) => event.type === 'turn-start')
    if (first) {
      await store.append(id, events)
      put({ ...newInfo(id, first), updatedAt: Date.now(), forkedFrom: from })
    }
    await show(id, events)
  }

  const forkAt = async (part: (events: readonly AgentEvent[]) => readonly AgentEvent[]) => {
    assertMayChange()
    const { id } = agent.thread
    await agent.stop()
    await openCopy(part(await eventsOf(id)), id)
  }

  // A conversation of before there was a list.
  note(
    agent.thread.id,
    state.getState().list.some(({ id }) => id === agent.thread.id) ? [] : agent.thread.state.getState().events,
  )

  return {
    note,
    openCopy: (events) => openCopy(events, agent.thread.id),
    recall: (remembered) => state.setState({ list: readList(remembered) }),
    api: {
      state,
      async open(id) {
        find(id)
        if (id !== agent.thread.id) await show(id, await eventsOf(id))
      },
      rename(id, title) {
        assertMayChange()
        const shown = title.trim().slice(0, maxTitle)
        if (shown === '') throw new VitrineError('invalid_request', 'A conversation needs a title.', { param: 'title' })
        put({ ...find(id), title: shown })
      },
      async remove(id) {
        assertMayChange()
        find(id)
        if (id === agent.thread.id) await show(createId('thread_'), [])
        state.setState(({ list }) => ({ list: list.filter((thread) => thread.id !== id) }))
        await store.remove(id)
      },
      fork: (turnId, where = 'before') =>
        forkAt((events) => (turnId === undefined ? events : eventsUntil(events, turnId, where))),
      forkAfterCall: (callId) => forkAt((events) => eventsThroughCall(events, callId)),
      async search(query) {
        const wanted = query.trim().toLowerCase()
        const hits = await Promise.all(
          state.getState().list.map(async (thread): Promise<ThreadHit[]> => {
            if (thread.title.toLowerCase().includes(wanted)) return [{ thread, excerpt: '' }]
            const said = (await eventsOf(thread.id)).flatMap(saidIn)
            const found = said.find((text) => text.toLowerCase().includes(wanted))
            return found === undefined ? [] : [{ thread, excerpt: excerptOf(found, wanted) }]
          }),
        )
        return hits.flat()
      },
      async export(id, format) {
        const { title } = find(id)
        const events = await eventsOf(id)
        const used = events.findLast((event) => event.type === 'turn-start')?.model
        const { freeformTools = true } = agent.state.getState().models.find((model) => model.id === used) ?? {}
        return toThreadFile(format, { title, events, freeformTools, filesAt: options.filesAt, links: options.links() })
      },
    },
  }
}

function newInfo(id: string, { text, at }: { text: string; at: number }): ThreadInfo {
  const title = text.trim().split('\n', 1)[0]?.slice(0, maxTitle) || 'Conversation'
  return { id, title, createdAt: at, updatedAt: at, forkedFrom: null }
}

/** A turn ends where the next begins: events about it may come much later, as when its compaction is undone. */
function eventsUntil(events: readonly AgentEvent[], turnId: string, where: 'before' | 'after'): readonly AgentEvent[] {
  const isStart = ({ type }: AgentEvent) => type === 'turn-start'
  const start = events.findIndex((event) => isStart(event) && event.turnId === turnId)
  if (start === -1) throw new VitrineError('not_found', 'This conversation has no such turn.', { param: 'turnId' })
  if (where === 'before') return events.slice(0, start)
  const next = events.findIndex((event, index) => index > start && isStart(event))
  return events.slice(0, next === -1 ? events.length : next)
}

/** The outputs of a step join the history together. What an attempt called is no step of the conversation's own. */
function eventsThroughCall(events: readonly AgentEvent[], callId: string): readonly AgentEvent[] {
  const end = events.findIndex((event) => event.type === 'tool-end' && event.callId === callId)
  const joined = events.findIndex(
    (event, index) =>
      index > end && event.type === 'history' && event.items.some((item) => isOutput(item) && item.call_id === callId),
  )
  if (end === -1 || joined === -1) {
    throw new VitrineError('not_found', 'This step is not part of the conversation.', { param: 'callId' })
  }
  const isSaved = events[joined + 1]?.type === 'checkpoint'
  return events.slice(0, joined + (isSaved ? 2 : 1))
}

function saidIn(event: AgentEvent): string[] {
  if (event.type === 'candidate-event') return saidIn(event.event)
  return event.type === 'turn-start' || event.type === 'text-end' || event.type === 'steer' ? [event.text] : []
}

function excerptOf(text: string, wanted: string): string {
  const at = text.toLowerCase().indexOf(wanted)
  const start = Math.max(0, at - 40)
  return `${start > 0 ? '…' : ''}${text.slice(start, start + maxExcerpt).replaceAll('\n', ' ')}`
}

/** What storage gave, as far as it has the shape. */
function readList(value: unknown): ThreadInfo[] {
  if (!Array.isArray(value)) return []
  return value.filter(
    (entry): entry is ThreadInfo =>
      typeof entry?.id === 'string' && typeof entry.title === 'string' && typeof entry.updatedAt === 'number',
  )
}
