// What the browser tests drive: one project, `a.txt` in it, typed into by the page itself.
import { createWorkspace, type Workspace } from '../../workspace'
import { openBrowserStore, type ProjectLock, type ProjectMeta, type ProjectWriter, projectLock } from '..'

declare const reportTyped: (n: number, at: number) => Promise<void>
declare const reportAcknowledged: (n: number) => Promise<void>

const id = 'p1'
const opening = openBrowserStore()
let lock: ProjectLock | null = null
let writer: ProjectWriter | null = null
let workspace: Workspace = createWorkspace()
let wasTold = false

const meta = (projectId: string): ProjectMeta => ({
  id: projectId,
  name: 'Test',
  template: null,
  createdAt: Date.now(),
  openedAt: Date.now(),
  restricted: false,
})

export async function createProject(): Promise<void> {
  await (await opening).createProject(meta(id), new Map([['a.txt', '0']]))
}

export async function readStored(): Promise<{ text: string; events: number[] }> {
  const project = await (await opening).loadProject(id)
  return { text: String(project?.files.get('a.txt')), events: project?.events as number[] }
}

async function startWriting(): Promise<void> {
  const store = await opening
  workspace = createWorkspace((await store.loadProject(id))?.files)
  writer = await store.openWriter(id)
  workspace.subscribe(writer.saveEdit)
}

export function type(after: string): void {
  workspace.apply([{ path: 'a.txt', after }], { origin: 'user', label: 'Type' })
}

/** Text that the browser’s storage cannot compress away. */
export function noise(length: number): string {
  return Array.from({ length: length / 10 }, () => Math.random().toString(36).slice(2, 12).padEnd(10)).join('')
}

export const text = () => String(workspace.files.get('a.txt'))

/** A keystroke each 15 ms; each 20th is acknowledged through an event. */
export async function typeForEver(): Promise<void> {
  await startWriting()
  let n = 0
  setInterval(async () => {
    n += 1
    const mine = n
    type(`${'some text '.repeat(200)}${mine}`)
    void reportTyped(mine, Date.now())
    if (mine % 20 !== 0) return
    await writer?.appendEvents('thread', [mine])
    await reportAcknowledged(mine)
  }, 15)
}

export async function typeAndReload(n: number): Promise<void> {
  await startWriting()
  type(`last ${n}`)
  location.reload()
}

/** As a session does: writes with the lock, follows without. */
export async function openTab(): Promise<string> {
  lock = await projectLock(id)
  const store = await opening
  lock.onLost(async () => {
    wasTold = true
    const last = writer
    writer = null
    await last?.dispose()
  })
  if (lock.state === 'writer') await startWriting()
  else {
    workspace = createWorkspace((await store.loadProject(id))?.files)
    store.follow(id, ({ changes }) => workspace.apply(changes, { origin: 'import', label: 'Follow' }))
  }
  return lock.state
}

export async function takeOver(): Promise<number> {
  const startedAt = performance.now()
  await lock?.takeOver()
  await startWriting()
  return Math.round(performance.now() - startedAt)
}

export const tabState = () => ({ lock: lock?.state, wasTold })

export function typeAndHang(after: string, ms: number): void {
  type(after)
  const end = performance.now() + ms
  while (performance.now() < end);
}

export const saving = () => ({ state: writer?.state.getState(), problem: writer?.problem()?.kind ?? null })

export async function measure(count: number) {
  const store = await opening
  const files = new Map(
    Array.from({ length: count }, (_, n) => [`d${n % 50}/f${n}.ts`, `// ${n}\n${'export const x = 1\n'.repeat(400)}`]),
  )
  const times: Record<string, number> = {}
  const timed = async <Value>(name: string, run: () => Promise<Value>): Promise<Value> => {
    const startedAt = performance.now()
    const value = await run()
    times[name] = Math.round(performance.now() - startedAt)
    return value
  }
  await timed('create', () => store.createProject(meta('large'), files))
  const loaded = await timed('load', () => store.loadProject('large'))
  const opened = await timed('openWriter', () => store.openWriter('large'))
  const large = createWorkspace(loaded?.files)
  large.subscribe(opened.saveEdit)
  const saves: number[] = []
  for (let n = 0; n < 20; n++) {
    large.apply([{ path: 'd0/f0.ts', after: `typed ${n}` }], { origin: 'user', label: 'Type' })
    const startedAt = performance.now()
    await opened.flush()
    saves.push(performance.now() - startedAt)
  }
  times.saveMedian = Math.round(saves.sort((a, b) => a - b)[10] ?? 0)
  const checkpoint = (name: string) =>
    opened.saveCheckpoint({ id: name, at: Date.now(), label: name, turnId: null, files: large.files, thread: null })
  await timed('firstCheckpoint', () => checkpoint('c1'))
  await timed('nextCheckpoint', () => checkpoint('c2'))
  return { ...times, files: loaded?.files.size }
}
