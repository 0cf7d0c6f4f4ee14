import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, it, vi } from 'vitest'
import type { AgentEvent } from '@/lib/agent'
import { importRecording } from './import-recording'
import type { NewProject } from './projects'

const added: NewProject[] = []
vi.mock('./projects', () => ({
  addProject: async (project: NewProject) => {
    added.push(project)
    return 'new'
  },
}))
beforeEach(() => void added.splice(0))

const path = join(process.cwd(), 'lib/agent/cassette/cassettes/a-fix-that-is-verified.json')
const cassette = () => JSON.parse(readFileSync(path, 'utf8'))
const open = (value: unknown) => importRecording(new Blob([JSON.stringify(value)]))
const typesOf = (events: readonly AgentEvent[] = []) => events.map(({ type }) => type)

it('makes a restricted project with the files of the end and the whole conversation', async () => {
  const recording = cassette()
  expect(await open(recording)).toBe('new')
  const [project] = added
  expect(project).toMatchObject({ restricted: true, name: recording.title })
  expect([...(project?.files ?? [])].sort()).not.toEqual(Object.entries(recording.files).sort())
  expect(typesOf(project?.events)).toEqual(expect.arrayContaining(['turn-start', 'tool-end', 'turn-end']))
  expect(typesOf(project?.events)).not.toContain('text-delta')
  const named = project?.events?.flatMap((event) => (event.type === 'checkpoint' ? [event.checkpointId] : []))
  expect([...(project?.checkpoints?.keys() ?? [])]).toEqual(named)
  expect(Object.fromEntries(project?.checkpoints?.values().next().value ?? [])).toEqual(recording.files)
})

it('says in the conversation when it comes out otherwise than recorded', async () => {
  const recording = cassette()
  recording.turns[0].expected.message = 'Something else.'
  await open(recording)
  const last = added[0]?.events?.at(-1)
  expect(last).toMatchObject({ type: 'notice', message: expect.stringContaining('does not play as it was recorded') })
})

it.each([
  ['no JSON', new Blob(['{']), /not JSON/],
  ['another file', new Blob(['{"name":"x"}']), /no cassette/],
  ['a path outside', new Blob([JSON.stringify({ ...cassette(), files: { '../x': '' } })]), /\.\.\/x/],
  [
    'a file that is a folder, too',
    new Blob([JSON.stringify({ ...cassette(), files: { a: '', 'a/b': '' } })]),
    /a is a file and a folder/,
  ],
])('refuses %s with a sentence', async (_title, file, message) => {
  await expect(importRecording(file)).rejects.toThrow(message)
  expect(added).toEqual([])
})
