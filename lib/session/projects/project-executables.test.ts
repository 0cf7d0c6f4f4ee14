import 'fake-indexeddb/auto'
import { expect, it } from 'vitest'
import { createWorkspace, type EditOrigin, type ExecutableChange } from '@/lib/workspace'
import { createProjectExecutables } from './project-executables'
import { addProject, browserStore } from './projects'

const script = '#!/bin/sh\n'

function open(stored: Record<string, unknown>, files: Record<string, string>, kept: Record<string, string> = {}) {
  const memory = new Map(Object.entries(stored))
  const workspace = createWorkspace(new Map(Object.entries(files)))
  const executables = createProjectExecutables({
    ...{ workspace, memory },
    kept: () => new Map(Object.entries(kept)),
    setMemory: (key, value) => void memory.set(key, value),
  })
  const sent: ExecutableChange[] = []
  executables.mirrored.onChange((changes) => sent.push(...changes))
  const write = (path: string, after: string | null, origin: EditOrigin = 'user') =>
    workspace.apply([{ path, after }], { origin, label: 'Edit' })
  return { ...executables, memory, sent, write, shown: () => [...executables.state.getState().executables].sort() }
}

it('takes scripts for executable where nothing is stored, and keeps from then on what is', () => {
  const { memory, shown, save, write } = open({}, { 'a.sh': script, 'b.ts': '// no #!' }, { '.venv/bin/pip': script })
  expect(shown()).toEqual(['a.sh'])
  save()
  write('c.sh', script)
  const reopened = open(Object.fromEntries(memory), { 'a.sh': script, 'c.sh': script })
  expect(reopened.shown()).toEqual(['a.sh'])
  expect([...reopened.mirrored.all()]).toEqual(['a.sh'])
  expect(memory.get('executables')).toEqual(['.venv/bin/pip', 'a.sh'])
})

it('stores what programs make executable, and what the IDE does, which it tells the sandbox', () => {
  const { memory, mirrored, change, sent, shown } = open({ executables: ['a'] }, { a: '', b: '' })
  mirrored.take([
    { path: 'b', executable: true },
    { path: '.venv/bin/pip', executable: true },
  ])
  expect([shown(), sent]).toEqual([['a', 'b'], []])
  change([{ path: 'a', executable: false }])
  expect([shown(), sent]).toEqual([['b'], [{ path: 'a', executable: false }]])
  expect(memory.get('executables')).toEqual(['b', '.venv/bin/pip'])
})

it.each([
  ['user', false],
  ['agent', false],
  ['sandbox', false],
  ['undo', true],
  ['restore', true],
] as const)('a file that is made anew by %s is executable: %s', (origin, expected) => {
  const { write, shown } = open({ executables: ['run.sh'] }, { 'run.sh': script })
  write('run.sh', `${script}echo`)
  expect(shown()).toEqual(['run.sh'])
  write('run.sh', null)
  write('run.sh', script, origin)
  expect(shown()).toEqual(expected ? ['run.sh'] : [])
})

it('finds what was executable where a project was forked from, and guesses nothing there', async () => {
  const files = new Map([
    ['a.sh', script],
    ['tool', 'echo'],
  ])
  const store = await browserStore()
  const fork = await store.loadProject(await addProject({ name: 'Fork', files, executables: new Set(['tool']) }))
  expect(open(fork?.memory ?? {}, Object.fromEntries(files)).shown()).toEqual(['tool'])
  const template = await store.loadProject(await addProject({ name: 'Template', files }))
  expect(open(template?.memory ?? {}, Object.fromEntries(files)).shown()).toEqual(['a.sh'])
})
