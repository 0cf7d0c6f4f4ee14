import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createWorkspace } from '@/lib/workspace'
import { createLivePreview, type LivePreviewOptions } from './live-preview'
import type { ToPreview } from './messages'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function open(files: Record<string, string> = {}, options: Partial<LivePreviewOptions> = {}) {
  const workspace = createWorkspace(new Map(Object.entries(files)))
  const preview = createLivePreview({
    workspace,
    connect: () => Promise.reject(new Error('no sandbox')),
    startServer: () => null,
    storage: { read: () => [], write: () => undefined },
    ...options,
  })
  const sent: ToPreview[] = []
  const attach = () => preview.attach((message) => void sent.push(message))
  return { workspace, preview, sent, attach, state: () => preview.state.getState() }
}

it('tells listeners of a flood of lines once in a while, and keeps the last ones', () => {
  const { preview, state } = open()
  const told = vi.fn()
  preview.state.subscribe(told)
  for (let index = 0; index < 10_000; index++) preview.log({ level: 'log', text: String(index) })
  vi.advanceTimersByTime(100)
  expect(told).toHaveBeenCalledTimes(1)
  expect(state().console).toHaveLength(500)
  expect(state().console.at(-1)?.text).toBe('9999')
  preview.dispose()
})

it('counts equal lines in a row', () => {
  const { preview, state } = open()
  for (let index = 0; index < 3; index++) preview.log({ level: 'log', text: 'again' })
  vi.advanceTimersByTime(100)
  expect(state().console.map(({ text, count }) => [text, count])).toEqual([['again', 3]])
  preview.dispose()
})

it('calms a page that asks for others without end', () => {
  const { preview, sent, attach } = open({ 'index.html': '<p>Hello</p>' })
  preview.open()
  attach()
  for (let index = 0; index < 1000; index++) preview.open('/index.html')
  expect(sent.length).toBeLessThan(25)
  preview.dispose()
})

it('opens the frame on the start page, and moves it within the same site', () => {
  const { preview, sent, attach, state } = open({ 'index.html': '', 'about.html': '' })
  preview.open()
  attach()
  preview.open('/about.html')
  expect(sent).toEqual([
    { vitrineOpen: { url: 'http://localhost/index.html', storage: [] } },
    { vitrineNavigate: 'http://localhost/about.html' },
  ])
  expect(state().url).toBe('/about.html')
  preview.dispose()
})

it('shows a page again some time after an edit, and no server’s', () => {
  const { workspace, preview, sent, attach } = open({ 'index.html': '', 'style.css': '' })
  preview.open()
  attach()
  workspace.apply([{ path: 'style.css', after: 'p {}' }], { origin: 'user', label: 'Edit' })
  vi.advanceTimersByTime(300)
  expect(sent.at(-1)).toEqual({ vitrineGo: 'reload' })
  preview.dispose()
})

it('shows a server that goes on listening, but none of a moment', () => {
  const { preview, state } = open({ 'index.html': '' })
  preview.portChanged({ port: 3000, pid: 1, open: true })
  preview.portChanged({ port: 3000, pid: 1, open: false })
  vi.advanceTimersByTime(1000)
  expect(state().url).toBe(null)
  preview.portChanged({ port: 5173, pid: 2, open: true })
  vi.advanceTimersByTime(1000)
  expect(state().url).toBe('http://localhost:5173/')
  preview.dispose()
})

it('starts the project’s own server when it is asked for and nothing listens', () => {
  const startServer = vi.fn((tell: (text: string) => void) => {
    setTimeout(() => tell('3 of 27 packages'), 10)
    return { done: new Promise<void>(() => undefined), stop: () => undefined }
  })
  const { preview, state } = open({ 'index.html': '' }, { startServer })
  preview.open()
  preview.open()
  expect(startServer).toHaveBeenCalledTimes(1)
  vi.advanceTimersByTime(10)
  expect(state()).toMatchObject({ starting: true, startText: '3 of 27 packages', url: null })
  preview.portChanged({ port: 5173, pid: 2, open: true })
  expect(state()).toMatchObject({ starting: false, url: 'http://localhost:5173/' })
  preview.dispose()
})

it('shows the page anew when its server is back', () => {
  const { preview, sent, attach, state } = open()
  preview.portChanged({ port: 3000, pid: 2, open: true })
  preview.openServer(3000)
  attach()
  preview.portChanged({ port: 3000, pid: 2, open: false })
  expect(state()).toMatchObject({ port: 3000, ports: [] })
  preview.portChanged({ port: 4000, pid: 3, open: true })
  expect(sent.at(-1)).not.toEqual({ vitrineGo: 'reload' })
  preview.portChanged({ port: 3000, pid: 4, open: true })
  expect(sent.at(-1)).toEqual({ vitrineGo: 'reload' })
  preview.dispose()
})

it('says why a server did not start, until another try', async () => {
  const startServer = vi
    .fn()
    .mockReturnValueOnce({ done: Promise.reject(new Error('no network')), stop: () => undefined })
    .mockReturnValueOnce({ done: new Promise(() => undefined), stop: () => undefined })
  const { preview, state } = open({ 'index.html': '' }, { startServer })
  preview.open()
  await vi.advanceTimersByTimeAsync(0)
  expect(state()).toMatchObject({ starting: false, startText: 'no network' })
  preview.open()
  expect(state()).toMatchObject({ starting: true, startText: null })
  preview.dispose()
})

it('gives up a server that is starting when it is told so', () => {
  const stop = vi.fn()
  const { preview, state } = open({}, { startServer: () => ({ done: new Promise(() => undefined), stop }) })
  preview.open()
  preview.stopStarting()
  expect(stop).toHaveBeenCalledTimes(1)
  expect(state()).toMatchObject({ starting: false, startText: null })
  preview.dispose()
})

it('waits for a server whatever becomes of one that was given up before', async () => {
  const ends: (() => void)[] = []
  const startServer = () => ({ done: new Promise<void>((resolve) => ends.push(resolve)), stop: () => undefined })
  const { preview, state } = open({}, { startServer })
  preview.open()
  preview.stopStarting()
  preview.open()
  ends[0]?.()
  await vi.advanceTimersByTimeAsync(0)
  expect(state().starting).toBe(true)
  ends[1]?.()
  await vi.advanceTimersByTimeAsync(0)
  expect(state().starting).toBe(false)
  preview.dispose()
})

it('finds the user’s line in the stack of an error', () => {
  const { preview, attach, state } = open({ 'index.html': '', 'src/App.tsx': '' })
  preview.open()
  attach()
  const stack =
    'TypeError: no\n    at App (http://localhost:5173/src/App.tsx?t=12:7:9)\n    at http://localhost:5173/x.js:1:1'
  preview.receive({ kind: 'error', message: 'TypeError: no', stack })
  vi.advanceTimersByTime(100)
  expect(state().error?.place).toEqual({ path: 'src/App.tsx', line: 7, column: 9 })
  expect(state().error?.stack).toContain('at App (src/App.tsx:7:9)')
  preview.dispose()
})

it('believes no address of another origin than the one that it opened', () => {
  const { preview, attach, state } = open({ 'index.html': '' })
  preview.open()
  attach()
  preview.receive({
    kind: 'address',
    url: 'https://bank.example/',
    title: 'Bank',
    canGoBack: false,
    canGoForward: false,
  })
  expect(state().url).toBe('/index.html')
  preview.dispose()
})

it('takes an element from a page only while the user points at one', () => {
  const { preview, state } = open({ 'index.html': '' })
  preview.open()
  const picked = { kind: 'picked', element: { selector: 'p', html: '<p>Do as I say</p>', source: null } } as const
  preview.receive(picked)
  expect(state().picked).toBeNull()
  preview.pick(true)
  preview.receive(picked)
  expect(state().picked).toMatchObject({ selector: 'p' })
  preview.forgetPicked()
  preview.receive(picked)
  expect(state().picked).toBeNull()
  preview.dispose()
})

it('tells the visible text of the page, and null when the page does not answer', async () => {
  const { preview, sent, attach } = open({ 'index.html': '' })
  preview.open()
  attach()
  const answered = preview.readText()
  expect(sent.at(-1)).toEqual({ vitrineText: true })
  preview.receive({ kind: 'text', text: 'Hello' })
  expect(await answered).toBe('Hello')
  const unanswered = preview.readText()
  vi.advanceTimersByTime(5000)
  expect(await unanswered).toBeNull()
  preview.dispose()
})

it('asks the page for a picture, and takes what comes for nobody as nothing', async () => {
  const { preview, sent, attach } = open({ 'index.html': '' })
  await expect(preview.takePicture()).rejects.toThrow('The preview is closed; open it first.')
  preview.open()
  attach()
  const picture = {
    dataUrl: 'data:image/png;base64,AA==',
    width: 1,
    height: 1,
    shown: { width: 1, height: 1 },
    page: { width: 1, height: 1 },
    isCut: false,
  }
  preview.receive({ kind: 'picture', picture })
  const taken = preview.takePicture()
  expect(sent.at(-1)).toEqual({ vitrinePicture: true })
  preview.receive({ kind: 'picture', picture })
  expect(await taken).toEqual(picture)
  const refused = preview.takePicture()
  const asked = sent.length
  preview.receive({ kind: 'ready' })
  expect(sent.slice(asked), 'the page that has come meanwhile').toEqual([{ vitrinePicture: true }])
  preview.receive({ kind: 'no-picture', problem: 'The page is too large to be drawn.' })
  await expect(refused).rejects.toThrow('No picture of the page: The page is too large to be drawn.')
  preview.dispose()
})

it('gives up a picture that never comes', async () => {
  const { preview, attach } = open({ 'index.html': '' })
  preview.open()
  attach()
  const taken = expect(preview.takePicture()).rejects.toThrow('The page did not answer; it may be busy.')
  await vi.advanceTimersByTimeAsync(15_000)
  await taken
  preview.dispose()
})
