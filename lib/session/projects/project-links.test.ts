import 'fake-indexeddb/auto'
import { expect, it } from 'vitest'
import { createWorkspace, type LinkChange } from '@/lib/workspace'
import { createKeptFiles } from '../runtime/kept-files'
import { createProjectLinks } from './project-links'
import { addProject, browserStore } from './projects'

function open(stored: Record<string, unknown>, files: Record<string, string> = {}) {
  const memory = new Map(Object.entries(stored))
  const setMemory = (key: string, value: unknown) => void memory.set(key, value)
  const workspace = createWorkspace(new Map(Object.entries(files)))
  const links = createProjectLinks({ workspace, memory, setMemory })
  const sent: LinkChange[] = []
  links.mirrored.onChange((changes) => sent.push(...changes))
  return {
    memory,
    workspace,
    sent,
    ...links,
    shown: () => [...links.state.getState().links],
    kept: createKeptFiles({ memory, setMemory }),
  }
}

it('stores links beside the files that only programs see', () => {
  const { mirrored, memory, kept, shown, sent } = open({ 'kept:.git/HEAD': 'ref: refs/heads/main\n', layout: 1 })
  mirrored.take([{ path: 'current', target: 'releases/1' }])
  mirrored.take([{ path: 'gone', target: 'a' }])
  mirrored.take([{ path: 'gone', target: null }])
  expect(shown()).toEqual([['current', 'releases/1']])
  expect(sent).toEqual([])
  expect([...kept.files()]).toEqual([['.git/HEAD', 'ref: refs/heads/main\n']])
  expect(open(Object.fromEntries(memory)).shown()).toEqual(shown())
})

it('shows none of what only programs see, and mounts them all', () => {
  const { mirrored, shown } = open({ 'link:.venv/bin/python': '/usr/bin/python', 'link:a': 'b' })
  expect(shown()).toEqual([['a', 'b']])
  expect([...mirrored.all().keys()]).toEqual(['.venv/bin/python', 'a'])
})

it('leaves out what is stored but no link of a project', () => {
  const { shown, kept } = open({ 'link:a': 7, 'link:../a': 'b', 'link:b': '', 'kept:c': null })
  expect([shown().length, kept.files().size]).toEqual([0, 0])
})

it('removes a link for good when a file takes its place, and tells the sandbox unless that did it', () => {
  const edited = open({ 'link:current': 'releases/1', 'link:other': 'x' })
  edited.workspace.apply([{ path: 'current/a.txt', after: '' }], { origin: 'user', label: 'Create' })
  expect(edited.shown()).toEqual([['other', 'x']])
  expect(edited.sent).toEqual([{ path: 'current', target: null }])
  edited.workspace.apply([{ path: 'current/a.txt', after: null }], { origin: 'user', label: 'Delete' })
  expect(open(Object.fromEntries(edited.memory)).shown()).toEqual([['other', 'x']])

  const written = open({ 'link:current': 'releases/1' })
  written.workspace.apply([{ path: 'current', after: '' }], { origin: 'sandbox', label: 'Written by a program' })
  expect([written.shown(), written.sent]).toEqual([[], []])
})

it('finds the links with which a project was made', async () => {
  const id = await addProject({ name: 'Fork', files: new Map(), links: new Map([['current', 'releases/1']]) })
  const stored = await (await browserStore()).loadProject(id)
  expect(open(stored?.memory ?? {}).shown()).toEqual([['current', 'releases/1']])
})
