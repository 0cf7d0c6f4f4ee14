import 'fake-indexeddb/auto'
import { expect, it } from 'vitest'
import { createStore } from '@/lib/base'
import { createWorkspace } from '@/lib/workspace'
import type { AgentFacade } from './agent-facade'
import { createCheckpoints } from './checkpoints'
import { createProjectLinks } from './project-links'
import { addProject, browserStore } from './projects'
import type { ThreadKeeping } from './threads'

async function open(files: Record<string, string>, links: Record<string, string>) {
  const store = await browserStore()
  const projectId = await addProject({ name: 'Links', files: new Map(Object.entries(files)) })
  const writer = await store.openWriter(projectId)
  const workspace = createWorkspace(new Map(Object.entries(files)))
  const memory = new Map(Object.entries(links).map(([path, target]) => [`link:${path}`, target]))
  const thread = { id: 'thread', state: createStore(() => ({ events: [] })) }
  const projectLinks = createProjectLinks({ workspace, memory, setMemory: () => undefined })
  const { save, api } = createCheckpoints({
    projectId,
    store,
    writer: () => writer,
    workspace,
    links: projectLinks,
    agent: () => ({ thread, stop: async () => undefined }) as unknown as AgentFacade,
    threads: () => ({}) as ThreadKeeping,
    assertMayRun: () => undefined,
  })
  const present = () => [[...workspace.files], [...projectLinks.state.getState().links]]
  return { save, api, store, projectId, writer, workspace, links: projectLinks, present }
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
