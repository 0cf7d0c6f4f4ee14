import { sleep } from '@/lib/base'
import type { Model, ResponsesRequest } from '@/lib/models'
import type { TestReport } from '@/lib/sandbox'
import { createWorkspace, type FileMap } from '@/lib/workspace'
import { createForkableSandbox } from './forkable-sandbox'
import type { Reply } from './scripted'
import { createWorld, type World, type WorldOptions } from './world'

/** What each attempt's model says, in turn; attempts count from 1. */
export type Scripts = Record<number, readonly Reply[]>

/** One model for all attempts, as a server is: it knows them apart by what they were told. */
export function attemptsModel(
  scripts: Scripts,
  { delayMs = () => 0 }: { delayMs?: (attempt: number) => number } = {},
): { model: Model; requests: Map<number, ResponsesRequest[]> } {
  const requests = new Map<number, ResponsesRequest[]>()
  const model: Model = async function* (request, { signal }) {
    const attempt = attemptOf(request)
    const asked = requests.get(attempt) ?? []
    requests.set(attempt, [...asked, request])
    const reply = scripts[attempt]?.[asked.length]
    if (reply === undefined) throw new Error(`Attempt ${attempt} has no reply ${asked.length + 1}.`)
    await sleep(delayMs(attempt), signal)
    const events = typeof reply === 'function' ? reply(request) : reply
    yield* events
    const last = events.at(-1)
    if (last?.type !== 'completed' && last?.type !== 'failed') await new Promise(() => {})
  }
  return { model, requests }
}

function attemptOf({ input }: ResponsesRequest): number {
  const told = JSON.stringify(input.filter((item) => item.type === 'message' && item.role === 'developer'))
  const found = [...told.matchAll(/<attempt number=\\"(\d)\\"/g)].at(-1)
  return found ? Number(found[1]) : 1
}

/** A report with these tests, by name. */
export function reportOf(tests: Record<string, boolean>): TestReport {
  const cases = Object.entries(tests).map(([name, passes]) => ({
    name,
    status: passes ? ('passed' as const) : ('failed' as const),
    durationMs: 1,
  }))
  const failed = cases.filter(({ status }) => status === 'failed').length
  return {
    passed: cases.length - failed,
    failed,
    skipped: 0,
    durationMs: 3,
    suites: [{ file: 'src/a.test.js', tests: cases }],
  }
}

export const raceFiles = {
  'src/a.js': 'export const a = 1\n',
  'src/b.js': 'export const b = 1\n',
  'src/a.test.js': "import { a } from './a.js'\nimport { b } from './b.js'\n",
}

/** A world whose sandbox forks, and whose tests say whether a and b are 2. */
export function createRaceWorld(options: WorldOptions & { report?: (files: FileMap) => TestReport } = {}) {
  const files = options.files ?? raceFiles
  const world: World = createWorld({ ...options, files })
  const has = (map: FileMap, path: string) => String(map.get(path)).includes('= 2')
  const report = options.report ?? ((map) => reportOf({ a: has(map, 'src/a.js'), b: has(map, 'src/b.js') }))
  const machine = createForkableSandbox(report, createWorkspace(new Map(Object.entries(files))).files)
  world.workspace.subscribe((edit) => void machine.sandbox.apply(edit.changes))
  return { ...world, machine, dependencies: { ...world.dependencies, sandbox: async () => machine.sandbox } }
}
