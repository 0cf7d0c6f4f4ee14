import 'fake-indexeddb/auto'
import { expect, it } from 'vitest'
import { type AgentEvent, createThread } from '@/lib/agent'
import { call, patch, reply, say, scriptedModel } from '@/lib/agent/testing/scripted'
import { createWorld } from '@/lib/agent/testing/world'
import { createHistory, createWorkspace } from '@/lib/workspace'
import type { BrowserStore, NewCheckpoint, ProjectWriter } from '@/lib/workspace/browser-store'
import type { AgentFacade } from './agent-facade'
import { type CheckpointKeeping, createCheckpoints } from './checkpoints'
import { createProjectExecutables } from './projects/project-executables'
import { createProjectLinks } from './projects/project-links'
import { addProject, browserStore } from './projects/projects'
import type { ThreadKeeping } from './threads/threads'

async function open(files: Record<string, string>, links: Record<string, string>) {
  const store = await browserStore()
  const projectId = await addProject({ name: 'Links', files: new Map(Object.entries(files)) })
  const writer = await store.openWriter(projectId)
  const workspace = createWorkspace(new Map(Object.entries(files)))
  const memory = new Map(Object.entries(links).map(([path, target]) => [`link:${path}`, target]))
  let thread = { id: 'thread', events: (): readonly AgentEvent[] => [] }
  const copies: (readonly AgentEvent[])[] = []
  const show = (threadId: string, events: readonly AgentEvent[]) => {
    thread = { id: threadId, events: () => events }
    return copies
  }
  const projectLinks = createProjectLinks({ workspace, memory, setMemory: () => undefined })
  const executables = createProjectExecutables({
    ...{ workspace, memory, setMemory: () => undefined },
    kept: () => new Map(),
  })
  const beside = { links: projectLinks, executables }
  const history = createHistory(workspace, beside)
  const { save, api } = createCheckpoints({
    projectId,
    store,
    writer: () => writer,
    workspace,
    ...beside,
    history,
    agent: () => ({ thread, stop: async () => undefined }) as unknown as AgentFacade,
    threads: () =>
      ({ openCopy: async (events) => void copies.push(events) }) as Partial<ThreadKeeping> as ThreadKeeping,
    assertMayRun: () => undefined,
  })
  const present = () => [[...workspace.files], [...projectLinks.state.getState().links]]
  const marked = () => [...executables.state.getState().executables].sort()
  return { save, api, store, projectId, writer, workspace, ...beside, history, present, marked, show }
}

it('going back brings links as they were, and going forth again what they were then', async () => {
  const { save, api, workspace, links, present } = await open({ a: '', 'd/x': '' }, { kept: 'a', gone: 'a', file: 'a' })
  const before = present()
  const id = await save('Before', null)
  links.change([
    { path: 'gone', target: null },
    { path: 'new', target: 'a' },
    { path: 'kept', target: 'b' },
  ])
  workspace.apply(
    [
      { path: 'd/x', after: null },
      { path: 'file', after: 'now a file' },
    ],
    { origin: 'user', label: 'Edit' },
  )
  links.change([{ path: 'd', target: 'a' }])
  const after = present()
  await api.restore(id, 'files')
  expect(present().map((entries) => entries.toSorted())).toEqual(before.map((entries) => entries.toSorted()))
  await api.restore(api.state.getState().list.at(-1)?.id ?? '', 'files')
  expect(present().map((entries) => entries.toSorted())).toEqual(after.map((entries) => entries.toSorted()))
})

it('going back to a checkpoint from before they held links leaves links as they are', async () => {
  const { api, present, writer } = await open({ a: '1' }, { link: 'a' })
  const checkpoint = { id: 'old', at: 1, label: 'Old', turnId: null, thread: null }
  await writer.saveCheckpoint({ ...checkpoint, files: new Map([['a', '0']]) })
  await api.restore('old', 'files')
  expect(present()).toEqual([[['a', '0']], [['link', 'a']]])
})

it('going back brings what was executable as it was, and leaves it where the checkpoint knows nothing of it', async () => {
  const { save, api, marked, executables, history, workspace, writer } = await open({ a: '#!', b: '' }, {})
  const id = await save('Before', null)
  executables.change([
    { path: 'a', executable: false },
    { path: 'b', executable: true },
  ])
  const [checkpoint] = [await writer.readCheckpoint(id)]
  expect([...(checkpoint?.executables ?? [])]).toEqual(['a'])
  await api.restore(id, 'files')
  expect(marked()).toEqual(['a'])
  history.undo()
  expect(marked()).toEqual(['b'])
  await writer.saveCheckpoint({ id: 'old', at: 1, label: 'Old', turnId: null, thread: null, files: workspace.files })
  await api.restore('old', 'files')
  expect(marked()).toEqual(['b'])
})

it('a step that changed nothing but what is executable is a checkpoint of its own', async () => {
  const { save, api, executables } = await open({ a: '' }, {})
  const first = await save('Read', 'turn')
  await save('Read again', 'turn')
  executables.change([{ path: 'a', executable: true }])
  await save('chmod', 'turn')
  await new Promise((resolve) => setTimeout(resolve))
  expect(api.state.getState().list.map(({ filesOf }) => filesOf)).toEqual([undefined, first, undefined])
})

it('a checkpoint holds the conversation up to its step, whatever the eye was told by then', async () => {
  const { workspace, ...world } = createWorld({ files: { 'a.ts': 'a\n' } }).dependencies
  const { model: callModel } = scriptedModel([
    reply(call('c0', 'read_file', { path: 'a.ts' })),
    reply(patch('c1', '*** Update File: a.ts', '-a', '+b')),
    reply(say('Done.')),
  ])
  const saved: AgentEvent[] = []
  const kept: NewCheckpoint[] = []
  const copies: (readonly AgentEvent[])[] = []
  let checkpoints: CheckpointKeeping | null = null
  const thread = createThread({
    ...{ id: 'thread', events: [], policy: 'auto', allowedRules: [], models: [], model: 'test', callModel },
    save: async (events) => void saved.push(...events),
    world: {
      ...{ ...world, workspace, foreignProject: 'a project that came by a link' },
      checkpoint: async (label, turnId) => checkpoints?.save(label, turnId) ?? '',
    },
  })
  const writer = {
    saveCheckpoint: async (checkpoint: NewCheckpoint) => void kept.push(checkpoint),
    readCheckpoint: async (id: string) => kept.find((checkpoint) => checkpoint.id === id),
  }
  const stored = { workspace, memory: new Map(), setMemory: () => undefined }
  const beside = {
    links: createProjectLinks(stored),
    executables: createProjectExecutables({ ...stored, kept: () => new Map() }),
  }
  checkpoints = createCheckpoints({
    projectId: 'p',
    store: { readThread: async () => saved } as Partial<BrowserStore> as BrowserStore,
    writer: () => writer as unknown as ProjectWriter,
    workspace,
    ...beside,
    history: createHistory(workspace, beside),
    agent: () => ({ thread, stop: async () => undefined }) as unknown as AgentFacade,
    threads: () =>
      ({ openCopy: async (events) => void copies.push(events) }) as Partial<ThreadKeeping> as ThreadKeeping,
    assertMayRun: () => undefined,
  })
  await thread.send('Go')
  const [before, look, after, answer] = kept
  // Each stands where the event that tells of it does.
  const places = saved.flatMap(({ type }, index) => (type === 'checkpoint' ? [index] : []))
  expect(kept.map((checkpoint) => checkpoint.thread?.events)).toEqual(places)
  expect([before, look, after, answer].map((each) => [each?.label, each?.filesOf])).toEqual([
    ['Before this turn', undefined],
    ['Read a.ts', before?.id],
    ['Changed a.ts', undefined],
    ['Answered', after?.id],
  ])
  for (const checkpoint of kept.slice(0, 4)) await checkpoints.api.restore(checkpoint.id, 'thread')
  // Before the turn there was nothing, not even that the project is foreign.
  expect(copies).toEqual([[], ...places.slice(1).map((place) => saved.slice(0, place + 1))])
})

it('going back leaves files as they are whose content storage has lost', async () => {
  const { save, api, workspace, writer } = await open({ a: '1', b: '1' }, {})
  const id = await save('Step', null)
  workspace.apply(
    ['a', 'b'].map((path) => ({ path, after: '2' })),
    { origin: 'user', label: 'Edit' },
  )
  const { readCheckpoint } = writer
  const lossy = async (wanted: string) => {
    const found = await readCheckpoint(wanted)
    return found && { ...found, files: new Map([['b', '1']]), missing: ['a'] }
  }
  const whole = { id: 'whole', at: 1, label: 'Whole', turnId: null, thread: null }
  await writer.saveCheckpoint({ ...whole, files: new Map([...workspace.files]) })
  writer.readCheckpoint = async (wanted) => (wanted === 'whole' ? readCheckpoint(wanted) : lossy(wanted))
  expect((await api.compare('whole', id)).map(({ path }) => path)).toEqual(['b'])
  await api.restore(id, 'files')
  expect([...workspace.files]).toEqual([
    ['a', '2'],
    ['b', '1'],
  ])
  expect(await api.compare(id, 'now')).toEqual([])
})

it('a conversation that is gone is taken from one that went off from it, or not gone back to at all', async () => {
  const { save, api, present, workspace, show } = await open({ a: '1' }, {})
  const events = Array.from({ length: 3 }, (_, seq) => ({ type: 'notice', seq }) as AgentEvent)
  show('deleted', events)
  const id = await save('Step', null)
  const told = { type: 'checkpoint', checkpointId: id, label: 'Step', seq: 3 } as AgentEvent
  show('fork', [...events, told, ...events])
  await api.restore(id, 'thread')
  expect(show('other', [])).toEqual([[...events, told]])
  workspace.apply([{ path: 'a', after: '2' }], { origin: 'user', label: 'Edit' })
  const now = [present(), api.state.getState().list.length]
  await expect(api.restore(id)).rejects.toThrow('Go back to its files alone.')
  expect([present(), api.state.getState().list.length]).toEqual(now)
  await api.restore(id, 'files')
  expect(workspace.files.get('a')).toBe('1')
})
