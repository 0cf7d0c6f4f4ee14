import 'fake-indexeddb/auto'
import { expect, it } from 'vitest'
import { createKeptFiles } from './kept-files'
import { addProject, browserStore } from './projects'

function open(stored: Record<string, unknown>) {
  const memory = new Map(Object.entries(stored))
  const setMemory = (key: string, value: unknown) => void memory.set(key, value)
  return { memory, kept: createKeptFiles({ memory, setMemory }) }
}

it('keeps links beside the files that only programs see', () => {
  const { kept, memory } = open({ 'kept:.git/HEAD': 'ref: refs/heads/main\n', layout: { left: 1 } })
  kept.saveLink('current', 'releases/1')
  kept.saveLink('gone', 'a')
  kept.saveLink('gone', null)
  expect([...kept.links()]).toEqual([['current', 'releases/1']])
  expect([...kept.files()]).toEqual([['.git/HEAD', 'ref: refs/heads/main\n']])
  expect([...open(Object.fromEntries(memory)).kept.links()]).toEqual([...kept.links()])
})

it('leaves out what is stored but no link of a project', () => {
  const { kept } = open({ 'link:a': 7, 'link:../a': 'b', 'link:b': '', 'kept:c': null })
  expect([kept.links().size, kept.files().size]).toEqual([0, 0])
})

it('takes over what another tab has stored meanwhile, and nothing else of it', () => {
  const { kept, memory } = open({ 'link:old': 'a', 'kept:.git/HEAD': '1', tabs: ['mine'] })
  kept.reload({ 'link:new': 'b', 'kept:.git/HEAD': '2', tabs: ['theirs'] })
  expect([...kept.links()]).toEqual([['new', 'b']])
  expect(kept.files().get('.git/HEAD')).toBe('2')
  expect(memory.get('tabs')).toEqual(['mine'])
})

it('finds the links with which a project was made', async () => {
  const id = await addProject({ name: 'Fork', files: new Map(), links: new Map([['current', 'releases/1']]) })
  const stored = await (await browserStore()).loadProject(id)
  expect([...open(stored?.memory ?? {}).kept.links()]).toEqual([['current', 'releases/1']])
})
