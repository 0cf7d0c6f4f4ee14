import 'fake-indexeddb/auto'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { openSession } from './open-session'
import { addProject } from './projects/projects'

afterEach(() => vi.unstubAllGlobals())

/** One holder a name; the next waits for it. */
function createLocks() {
  let free = Promise.resolve()
  let isHeld = false
  return {
    async request(_name: string, { ifAvailable }: LockOptions, run: (lock: object | null) => unknown) {
      if (ifAvailable && isHeld) return run(null)
      await free
      isHeld = true
      const done = Promise.resolve(run({}))
      free = done.then(() => {
        isHeld = false
      })
      return done
    },
  }
}

async function openTab(id: string) {
  const session = await openSession(id, { version: '0', previewOrigin: null })
  if (!session) throw new Error('There is no such project.')
  return session
}

beforeEach(() => {
  vi.stubGlobal('navigator', { locks: createLocks(), hardwareConcurrency: 2, onLine: true })
  vi.stubGlobal('sessionStorage', { getItem: () => null, removeItem: () => undefined })
  vi.stubGlobal('localStorage', { getItem: () => null })
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('offline')))
})

it('says why changes are in this tab alone', async () => {
  const id = await addProject({ name: 'Full', files: new Map([['a.txt', 'a']]) })
  const session = await openTab(id)
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw new DOMException('full', 'QuotaExceededError')
  })
  session.workspace.apply([{ path: 'a.txt', after: 'b' }], { origin: 'user', label: 'Edit' })
  await vi.waitFor(() => expect(session.project.getState()).toMatchObject({ save: 'memory' }))
  expect(session.project.getState().saveProblem).toContain('storage is full')
  vi.restoreAllMocks()
  await session.dispose()
})

it('takes over what the other tab noted of its review, not what this one knew of it', async () => {
  const id = await addProject({ name: 'Two tabs', files: new Map([['a.txt', 'a\nb\nc\nd\n']]) })
  const byAgent = { origin: 'agent', label: 'Patch', turnId: 't' } as const
  const writer = await openTab(id)
  writer.workspace.apply([{ path: 'a.txt', after: 'A\nb\nc\nd\n' }], byAgent)
  await vi.waitFor(() => expect(writer.project.getState().save).toBe('saved'))
  const reader = await openTab(id)
  expect(reader.project.getState().readOnly).toBe(true)

  writer.workspace.apply([{ path: 'a.txt', after: 'A\nb\nc\nD\n' }], byAgent)
  const [first, second] = writer.review.state.getState().files[0]?.hunks ?? []
  writer.review.comment('a.txt', second?.id ?? '', 'Why?')
  writer.review.keep('a.txt', first?.id)
  writer.reviewPaths.set(['a.txt'])
  const noted = writer.review.state.getState()

  await reader.takeOver()
  expect(reader.review.state.getState()).toEqual(noted)
  await Promise.all([writer.dispose(), reader.dispose()])
})
