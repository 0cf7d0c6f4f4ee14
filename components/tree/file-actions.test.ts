import { expect, it, vi } from 'vitest'
import { createProjectExecutables } from '@/lib/session/projects/project-executables'
import { createProjectLinks } from '@/lib/session/projects/project-links'
import type { Session } from '@/lib/session/types'
import { createHistory, createWorkspace } from '@/lib/workspace'
import type { ToastMessage } from '../ui/toast'
import type { Workbench } from '../workbench/workbench'
import { deletePath, movePath, nameProblem, openLink } from './file-actions'

function open(files: readonly string[], links: Record<string, string>, executables: readonly string[] = []) {
  const workspace = createWorkspace(new Map(files.map((path) => [path, path])))
  const memory = new Map<string, unknown>(Object.entries(links).map(([path, target]) => [`link:${path}`, target]))
  memory.set('executables', executables)
  const stored = { workspace, memory, setMemory: () => undefined }
  const beside = {
    links: createProjectLinks(stored),
    executables: createProjectExecutables({ ...stored, kept: () => new Map() }),
  }
  const session = { workspace, ...beside, history: createHistory(workspace, beside) } as unknown as Session
  const openFile = vi.fn()
  const toasts: ToastMessage[] = []
  const context = {
    session,
    workbench: { openFile, renamed: () => undefined } as unknown as Workbench,
    toast: (message: ToastMessage) => void toasts.push(message),
  }
  const present = () => [...workspace.files.keys(), ...session.links.state.getState().links.keys()].toSorted()
  /** Of the files that are there. */
  const marked = () => [...session.executables.state.getState().executables].filter((path) => workspace.files.has(path))
  return { context, session, openFile, toasts, present, marked }
}

it('what is executable stays so when it is renamed or its deletion is undone', () => {
  const { context, session, marked, toasts } = open(['bin/run.sh', 'bin/a.ts'], {}, ['bin/run.sh'])
  movePath(context, 'bin', 'tools')
  expect(marked()).toEqual(['tools/run.sh'])
  session.history.undo()
  expect(marked()).toEqual(['bin/run.sh'])
  session.history.redo()
  expect(marked()).toEqual(['tools/run.sh'])
  deletePath(context, 'tools')
  expect(marked()).toEqual([])
  toasts.at(-1)?.action?.run()
  expect(marked()).toEqual(['tools/run.sh'])
  deletePath(context, 'tools/run.sh')
  session.workspace.apply([{ path: 'tools/run.sh', after: '#!/bin/sh' }], { origin: 'user', label: 'Create' })
  expect(marked()).toEqual([])
})

it('a folder takes its links along when it is renamed', () => {
  const { context, present, session } = open(['src/a.ts'], { 'src/bin/tool': '../a.ts', other: 'src' })
  movePath(context, 'src', 'lib')
  expect(present()).toEqual(['lib/a.ts', 'lib/bin/tool', 'other'])
  expect(session.links.state.getState().links.get('lib/bin/tool')).toBe('../a.ts')
  session.history.undo()
  expect(present()).toEqual(['other', 'src/a.ts', 'src/bin/tool'])
  session.history.redo()
  expect(present()).toEqual(['lib/a.ts', 'lib/bin/tool', 'other'])
})

it('a link is renamed and deleted alone, and comes back', () => {
  const { context, present, toasts } = open(['src/a.ts'], { current: 'src' })
  movePath(context, 'current', 'latest')
  expect(present()).toEqual(['latest', 'src/a.ts'])
  deletePath(context, 'latest')
  expect(present()).toEqual(['src/a.ts'])
  expect(toasts[0]?.text).toBe('latest deleted.')
  toasts[0]?.action?.run()
  expect(present()).toEqual(['latest', 'src/a.ts'])
})

it('nothing is made in the place of a link, nor below it', () => {
  const { session } = open(['a'], { current: 'src' })
  expect(nameProblem(session, '', 'current')).toBe('current exists already.')
  expect(nameProblem(session, '', 'current/x')).toContain('current is a link')
  expect(nameProblem(session, '', 'new/x')).toBeNull()
  const [file = ''] = session.workspace.files.keys()
  expect(nameProblem(session, '', `${file}/x`)).toContain('is a file.')
})

it('a link opens the file it leads to, or its folder in the tree, or says that it leads nowhere', () => {
  const { context, openFile, toasts } = open(['src/a.ts'], { file: 'dir/a.ts', dir: 'src', away: '/etc/passwd' })
  expect(openLink(context, 'file', true)).toBeNull()
  expect(openFile).toHaveBeenCalledWith('src/a.ts', { keep: true })
  expect(openLink(context, 'dir', true)).toBe('src')
  expect(toasts).toEqual([])
  expect(openLink(context, 'away', true)).toBeNull()
  expect(toasts).toEqual([{ text: '/etc/passwd is no file of this project.' }])
})
