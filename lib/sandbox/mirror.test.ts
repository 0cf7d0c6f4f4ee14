import { describe, expect, it } from 'vitest'
import { createEmitter } from '@/lib/base'
import {
  createWorkspace,
  type ExecutableChange,
  type FileChange,
  type FileData,
  type LinkChange,
} from '@/lib/workspace'
import { mirrorWorkspace } from './mirror'
import type { Sandbox } from './types'

type Write = { path: string; after: FileData | null }

/** A sandbox that takes edits when the test says so. */
function createSlowSandbox() {
  const files = new Map<string, FileData>()
  const waiting: { take(): void; lose(): void }[] = []
  const order: string[] = []
  let tell: (changes: Write[]) => void = () => {}
  let tellExecutables: (changes: readonly ExecutableChange[]) => void = () => {}
  let tellLinks: (changes: readonly LinkChange[]) => void = () => {}
  const unused = () => Promise.reject(new Error('This test does not use it.'))
  const sandbox: Sandbox = {
    kind: 'embedded',
    bootMs: 0,
    mount: unused,
    apply: (changes: readonly Pick<FileChange, 'path' | 'after'>[]) =>
      new Promise((resolve, reject) => {
        const take = () => {
          order.push('files')
          for (const { path, after } of changes) after === null ? files.delete(path) : files.set(path, after)
          resolve()
        }
        waiting.push({ take, lose: () => reject(new Error('The sandbox has crashed.')) })
      }),
    link: async (changes) => void order.push(...changes.map(({ path }) => `link ${path}`)),
    setExecutable: async (changes) => void order.push(...changes.map(({ path }) => `chmod ${path}`)),
    snapshot: unused,
    onFiles(listener) {
      tell = listener
      return () => {}
    },
    onLinks(listener) {
      tellLinks = listener
      return () => {}
    },
    onExecutables(listener) {
      tellExecutables = listener
      return () => {}
    },
    spawn: unused,
    test: unused,
    check: unused,
    processes: unused,
    onProcesses: () => () => {},
    kill: () => {},
    onPort: () => () => {},
    connect: unused,
    fork: unused,
    dispose: unused,
  }
  return {
    sandbox,
    files,
    waiting,
    order,
    write(path: string, after: FileData) {
      files.set(path, after)
      tell([{ path, after }])
    },
    link: (path: string, target: string | null) => tellLinks([{ path, target }]),
    chmod: (path: string, executable: boolean) => tellExecutables([{ path, executable }]),
  }
}

const idle = () => new Promise((resolve) => setTimeout(resolve))

function open(content: string) {
  const workspace = createWorkspace(new Map([['a.ts', content]]))
  const slow = createSlowSandbox()
  const kept: [string, FileData | null][] = []
  const links: LinkChange[] = []
  const executables: ExecutableChange[] = []
  const changed = createEmitter<readonly LinkChange[]>()
  const marked = createEmitter<readonly ExecutableChange[]>()
  slow.files.set('a.ts', content)
  const mirror = mirrorWorkspace(workspace, slow.sandbox, {
    mounted: workspace.files,
    turnId: () => null,
    keep: (path, data) => kept.push([path, data]),
    links: {
      mounted: new Map(),
      all: () => new Map([['before', 'a.ts']]),
      onChange: changed.subscribe,
      take: (changes) => links.push(...changes),
    },
    executables: {
      mounted: new Set(),
      all: () => new Set(['back.sh']),
      onChange: marked.subscribe,
      take: (changes) => executables.push(...changes),
    },
  })
  const type = (after: string) => workspace.apply([{ path: 'a.ts', after }], { origin: 'user', label: 'Typing' })
  const deliver = async () => {
    for (await idle(); slow.waiting.length > 0; await idle()) slow.waiting.shift()?.take()
  }
  const beside = { links, executables, change: changed.emit, mark: marked.emit }
  return { workspace, mirror, type, deliver, kept, ...beside, ...slow }
}

describe('a workspace and its sandbox', () => {
  it('end equal when a program writes a file while an edit of it is on its way', async () => {
    const { workspace, files, deliver, write, type, mirror } = open('1')
    type('typed')
    write('a.ts', 'formatted')
    await deliver()
    await mirror.synced()
    expect([workspace.files.get('a.ts'), files.get('a.ts')]).toEqual(['typed', 'typed'])
  })

  it('take what a program writes once the edit has arrived', async () => {
    const { workspace, deliver, write, type } = open('1')
    type('typed')
    await deliver()
    write('a.ts', 'formatted')
    expect(workspace.files.get('a.ts')).toBe('formatted')
  })

  it('keep paths that may not name a project file apart', () => {
    const { workspace, write } = open('1')
    write('__proto__/x', 'hostile')
    expect([...workspace.files.keys()]).toEqual(['a.ts'])
  })

  it('keep a repository and throw-away files out of the project', () => {
    const { workspace, write, kept } = open('1')
    write('.git/HEAD', 'ref: refs/heads/main')
    write('__pycache__/a.pyc', 'x')
    expect([...workspace.files.keys()]).toEqual(['a.ts'])
    expect(kept).toEqual([['.git/HEAD', 'ref: refs/heads/main']])
  })

  it('keep links beside the project, but those that can be made again', () => {
    const { workspace, link, links } = open('1')
    link('current', 'a.ts')
    link('.venv/bin/python', '/usr/bin/python')
    link('__pycache__/x', 'a.ts')
    link('__proto__/x', 'a.ts')
    link('current', null)
    expect([...workspace.files.keys()]).toEqual(['a.ts'])
    expect(links).toEqual([
      { path: 'current', target: 'a.ts' },
      { path: '.venv/bin/python', target: '/usr/bin/python' },
      { path: 'current', target: null },
    ])
  })

  it('bring links of the IDE in after the edits before them', async () => {
    const { type, change, deliver, mirror, order } = open('1')
    type('typed')
    change([{ path: 'a', target: 'a.ts' }])
    await deliver()
    await mirror.synced()
    expect(order).toEqual(['files', 'link before', 'files', 'link a'])
  })

  it('keep beside the project what programs make executable, but for files that can be made again', () => {
    const { chmod, executables } = open('1')
    chmod('a.ts', true)
    chmod('.venv/bin/pip', true)
    chmod('__pycache__/x', true)
    chmod('__proto__/x', true)
    expect(executables.map(({ path }) => path)).toEqual(['a.ts', '.venv/bin/pip'])
  })

  it('bring the modes of the IDE in after the edits before them, and of a file that is brought back after it', async () => {
    const { type, mark, workspace, deliver, mirror, order } = open('1')
    type('typed')
    mark([{ path: 'a.ts', executable: true }])
    workspace.apply([{ path: 'back.sh', after: '' }], { origin: 'undo', label: 'Undo' })
    workspace.apply([{ path: 'new.sh', after: '' }], { origin: 'user', label: 'Create' })
    await deliver()
    await mirror.synced()
    expect(order.slice(2)).toEqual(['files', 'chmod a.ts', 'files', 'chmod back.sh', 'files'])
  })

  it('tell a lost sandbox only to whoever waits for it', async () => {
    const { waiting, mirror, type } = open('1')
    await idle()
    waiting.shift()?.lose()
    await idle()
    type('2')
    await idle()
    await expect(mirror.synced()).rejects.toThrow('The sandbox has crashed.')
  })
})
