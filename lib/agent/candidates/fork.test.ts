import { describe, expect, it } from 'vitest'
import { createWorkspace } from '@/lib/workspace'
import { reportOf } from '../testing/attempts'
import { createForkableSandbox } from '../testing/forkable-sandbox'
import { freeze, openFork } from './fork'

async function open() {
  const workspace = createWorkspace(new Map([['a.ts', 'start']]))
  const machine = createForkableSandbox(() => reportOf({}), workspace.files)
  const base = await freeze({ workspace, sandbox: async () => machine.sandbox, synced: async () => {} })
  return { workspace, machine, base }
}
const write = (target: ReturnType<typeof openFork>['workspace'], path: string, after: string) =>
  target.apply([{ path, after }], { origin: 'agent', label: 'Write' })

describe('forks of one moment', () => {
  it('keep apart from one another and from the project, and start from that moment however late', async () => {
    const { workspace, base } = await open()
    const first = openFork(base, 't.1')
    write(first.workspace, 'a.ts', 'first')
    write(workspace, 'a.ts', 'typed meanwhile')
    const second = openFork(base, 't.2')
    await Promise.all([first.synced(), second.synced()])
    const filesOf = async (fork: typeof first) => Object.fromEntries(await (await fork.sandbox()).snapshot())
    expect(await filesOf(first)).toEqual({ 'a.ts': 'first' })
    expect(await filesOf(second)).toEqual({ 'a.ts': 'start' })
    expect(second.workspace.files.get('a.ts')).toBe('start')
    expect(workspace.files.get('a.ts')).toBe('typed meanwhile')
  })

  it('share one type checker, each for its own files', async () => {
    const { machine, base } = await open()
    const [first, second] = [openFork(base, 't.1'), openFork(base, 't.2')]
    write(first.workspace, 'b.ts', 'type error')
    write(second.workspace, 'c.ts', 'fine')
    const check = async (fork: typeof first) => (await (await fork.sandbox()).check()).map(({ path }) => path)
    expect(await Promise.all([check(first), check(second), check(first)])).toEqual([['b.ts'], [], ['b.ts']])
    expect(machine.checkers()).toBe(1)
  })

  it('lets a stopped check not hold up the next', async () => {
    const { base } = await open()
    const sandbox = await openFork(base, 't.1').sandbox()
    const stopped = sandbox.check(undefined, AbortSignal.abort())
    await expect(stopped).rejects.toThrow()
    expect(await sandbox.check()).toEqual([])
  })

  it('can be read and written where no sandbox starts, and say so when it is asked for', async () => {
    const workspace = createWorkspace(new Map([['a.ts', 'start']]))
    const refused = async () => Promise.reject(new Error('The sandbox did not start.'))
    const base = await freeze({ workspace, sandbox: refused, synced: refused })
    const fork = openFork(base, 't.1')
    write(fork.workspace, 'a.ts', 'changed')
    await expect(fork.sandbox()).rejects.toThrow('did not start')
    await expect(fork.synced()).rejects.toThrow('did not start')
    fork.dispose()
    base.dispose()
    expect(workspace.files.get('a.ts')).toBe('start')
  })
})
