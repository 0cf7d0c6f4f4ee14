import type { Model, ModelEvent } from '@/lib/models'
import type { PolicyMode } from '@/lib/safety'
import type { TestReport } from '@/lib/sandbox'
import type { FileMap } from '@/lib/workspace'
import { type Cassette, recordCassette } from '../cassette'
import type { AgentEvent, Answers, Approval, ApprovalDecision, TurnMode } from '../events'
import { defaultLimits, type Limits } from '../limits/limits'
import { createThread } from '../thread/thread'
import type { Thread } from '../thread/types'
import type { PreviewProbe } from '../tools/preview-probe'
import type { CandidateChoice } from '../types'
import { attemptsModel, createRaceWorld, reportOf, type Scripts } from './attempts'
import type { FakeSandboxOptions } from './fake-sandbox'
import { call, cut, patch, pieces, type Reply, reply, say, scriptedModel, think } from './scripted'
import { createWorld } from './world'

/** A conversation that takes one branch of the loop; recorded, it is a cassette. */
export interface Scenario extends FakeSandboxOptions {
  title: string
  turns: ScenarioTurn[]
  files?: Record<string, string>
  policy?: PolicyMode
  approve?: (approval: Approval) => { decision: ApprovalDecision; reason?: string }
  answers?: Answers
  functionTools?: boolean
  preview?: PreviewProbe
  contextWindow?: number
  limits?: Limits
  /** Tests of whatever files there are; for races. */
  report?: (files: FileMap) => TestReport
  choose?: CandidateChoice
}

interface ScenarioTurn {
  text: string
  mode?: TurnMode
  replies?: readonly Reply[]
  /** What the attempts’ models say, where several are made. */
  attempts?: Scripts
  /** Said while the turn runs, before the first step has ended. */
  steer?: string
  /** Pressed when an event of this type comes. */
  stopAt?: AgentEvent['type']
  /** What the user does once it rests. */
  afterwards?: (thread: Thread) => Promise<unknown>
}

const files = {
  'src/add.ts': 'export function add(a: number, b: number): number {\n  return a - b\n}\n',
  'src/add.test.ts': "import { add } from './add'\n",
  'README.md': '# Sums\n',
}
const fix = patch('fix', '*** Update File: src/add.ts', '-  return a - b', '+  return a + b')
const worse = patch('worse', '*** Update File: src/add.ts', '-  return a - b', '+  return a * b')
const better = patch('better', '*** Update File: src/add.ts', '-  return a * b', '+  return a + b')
const misfit = patch('misfit', '*** Update File: src/add.ts', '-  return a / b', '+  return a + b')

function report(passed: number, failed: number): TestReport {
  const tests = Array.from({ length: passed + failed }, (_, index) => ({
    name: `adds ${index + 1}`,
    status: index < passed ? ('passed' as const) : ('failed' as const),
    durationMs: 1,
    ...(index < passed ? {} : { error: 'expected 3, got 2' }),
  }))
  return { passed, failed, skipped: 0, durationMs: 2, suites: [{ file: 'src/add.test.ts', tests }] }
}

const passing = { test: () => report(3, 0) }
const inTurn = (...reports: TestReport[]) => ({ test: () => reports.shift() ?? report(3, 0) })
const upstream = (events: ModelEvent[] = []) => cut([], { message: 'Bad gateway.' }).concat(events)

const page = { url: '/index.html', title: 'Red', console: [], error: null, text: 'red' }
const side = { width: 1, height: 1 }
const onePixel = {
  dataUrl:
    'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==',
  ...side,
  shown: side,
  page: side,
  isCut: false,
}

/** Both files have to be right. */
const pair = {
  'src/a.js': 'export const a = 1\n',
  'src/b.js': 'export const b = 1\n',
  'src/pair.test.js': "import { a } from './a.js'\nimport { b } from './b.js'\n",
}
const pairReport = (now: FileMap) => {
  const isTwo = (path: string) => String(now.get(path)).includes('= 2')
  return reportOf({ a: isTwo('src/a.js'), b: isTwo('src/b.js') })
}
const setTo = (name: 'a' | 'b', value: string) =>
  patch(
    `${name}-${value.length}`,
    `*** Update File: src/${name}.js`,
    `-export const ${name} = 1`,
    `+export const ${name} = ${value}`,
  )
const long = `${'y'.repeat(99)}\n`.repeat(60)
const looks = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) =>
    reply(call(`look-${from + index}`, 'read_file', { path: 'long.txt', start_line: 1, end_line: 40 + index })),
  )
const twoSteps = { ...defaultLimits, turn: { ...defaultLimits.turn, steps: 2 } }

const scenarios: readonly Scenario[] = [
  { title: 'An answer', turns: [{ text: 'What is this?', mode: 'ask', replies: [reply(say('A sum.'))] }] },
  {
    title: 'A fix that is verified',
    ...passing,
    turns: [
      {
        text: 'Fix add',
        replies: [
          reply(think('Look first.'), say('I read it.'), call('read', 'read_file', { path: 'src/add.ts' })),
          reply(fix),
          reply(say('It adds now.')),
        ],
      },
    ],
  },
  {
    title: 'A fix in two tries',
    ...inTurn(report(1, 2), report(3, 0)),
    turns: [{ text: 'Fix add', replies: [reply(worse), reply(better), reply(say('It adds now.'))] }],
  },
  {
    title: 'A change that stays unverified',
    test: () => report(1, 2),
    turns: [{ text: 'Fix add', replies: [reply(worse), reply(say('Two tests still fail.'))] }],
  },
  {
    title: 'A patch that does not fit',
    ...passing,
    turns: [{ text: 'Fix add', replies: [reply(misfit), reply(fix), reply(say('It adds now.'))] }],
  },
  {
    title: 'A new file and a deleted one',
    turns: [
      {
        text: 'Replace the readme',
        replies: [
          reply(patch('swap', '*** Add File: docs/sums.md', '+# Sums', '*** Delete File: README.md')),
          reply(say('Moved.')),
        ],
      },
    ],
  },
  {
    title: 'Patches as function calls',
    functionTools: true,
    ...passing,
    turns: [
      {
        text: 'Fix add',
        replies: [
          reply(call('fix', 'apply_patch', { patch: 'input' in fix ? fix.input : '' })),
          reply(say('It adds now.')),
        ],
      },
    ],
  },
  {
    title: 'Calls side by side, with a patch between',
    ...passing,
    turns: [
      {
        text: 'Look, fix, look',
        replies: [
          reply(
            call('one', 'read_file', { path: 'src/add.ts' }),
            call('two', 'search', { query: 'add' }),
            fix,
            call('three', 'read_file', { path: 'src/add.ts' }),
          ),
          reply(say('Done.')),
        ],
      },
    ],
  },
  {
    title: 'A command that writes a file',
    policy: 'auto',
    commands: { 'npm run build': () => ({ output: 'built\n' }) },
    turns: [
      {
        text: 'Build it',
        replies: [reply(call('build', 'shell', { command: 'npm run build' })), reply(say('Built.'))],
      },
    ],
  },
  {
    title: 'A command that is allowed once',
    policy: 'review',
    commands: { 'node write.js': () => ({ output: 'wrote\n' }) },
    approve: () => ({ decision: 'once' }),
    turns: [
      { text: 'Run it', replies: [reply(call('run', 'shell', { command: 'node write.js' })), reply(say('It ran.'))] },
    ],
  },
  {
    title: 'A command that is denied with a reason',
    policy: 'review',
    approve: () => ({ decision: 'deny', reason: 'not today' }),
    turns: [
      {
        text: 'Delete everything',
        replies: [reply(call('rm', 'shell', { command: 'rm -rf src' })), reply(say('I left it as it is.'))],
      },
    ],
  },
  {
    title: 'A change that read-only refuses',
    policy: 'read-only',
    turns: [{ text: 'Fix add', replies: [reply(fix), reply(say('I may not change files.'))] }],
  },
  {
    title: 'A plan',
    turns: [
      {
        text: 'How would you fix add?',
        mode: 'plan',
        replies: [
          reply(call('plan', 'update_plan', { plan: [{ step: 'Change the sign', status: 'in_progress' }] })),
          reply(fix),
          reply(say('Change − to +, then run the tests.')),
        ],
      },
    ],
  },
  {
    title: 'Questions to the user',
    answers: { name: 'sum' },
    turns: [
      {
        text: 'Rename add',
        replies: [
          reply(call('ask', 'ask_user', { questions: [{ id: 'name', question: 'To what?', options: ['sum'] }] })),
          reply(say('Then it is sum.')),
        ],
      },
    ],
  },
  {
    title: 'Malformed and unknown calls',
    turns: [
      {
        text: 'Try things',
        replies: [
          reply(call('bad', 'read_file', '{"path":'), call('none', 'teleport', {})),
          reply(say('Neither worked.')),
        ],
      },
    ],
  },
  {
    title: 'A stream that is cut after a whole call',
    ...passing,
    turns: [{ text: 'Fix add', replies: [cut([fix]), reply(say('It adds now.'))] }],
  },
  {
    title: 'A server that fails and comes back',
    turns: [{ text: 'Hello', replies: [upstream(), upstream(), reply(say('Hello.'))] }],
  },
  {
    title: 'A server that refuses',
    turns: [
      { text: 'Hello', replies: [cut([], { kind: 'fatal', code: 'insufficient_quota', message: 'No quota left.' })] },
    ],
  },
  {
    title: 'The same call again and again',
    turns: [
      {
        text: 'Look',
        replies: Array.from({ length: 3 }, (_, index) => reply(call(`c${index}`, 'read_file', { path: 'nowhere.ts' }))),
      },
    ],
  },
  {
    title: 'A screenshot of the page',
    preview: { look: async () => ({ ...page, picture: onePixel }) },
    turns: [
      {
        text: 'How does it look?',
        replies: [reply(call('look', 'preview', { what: 'screenshot' })), reply(say('Like one red pixel.'))],
      },
    ],
  },
  {
    title: 'Steering, then Stop, then a second turn',
    ...passing,
    turns: [
      {
        text: 'Look',
        steer: 'Only at add, please',
        replies: [reply(call('look', 'read_file', { path: 'src/add.ts' })), reply(say('Seen.'))],
      },
      { text: 'Go on', replies: [pieces(say('I am thinking'))], stopAt: 'text-end' },
      { text: 'Fix it then', replies: [reply(fix), reply(say('It adds now.'))] },
    ],
  },
  {
    title: 'A race that the tests decide',
    ...{ files: pair, report: pairReport },
    turns: [
      {
        text: 'Make both 2',
        attempts: {
          1: [reply(setTo('a', '2')), reply(say('Only a.'))],
          2: [reply(setTo('a', '2')), reply(setTo('b', '2')), reply(say('Both.'))],
          3: [reply(setTo('a', '3')), reply(say('Three.'))],
          4: [cut([], { kind: 'fatal', code: 'insufficient_quota', message: 'No quota left.' })],
        },
      },
      { text: 'Thanks', replies: [reply(say('With pleasure.'))] },
    ],
  },
  {
    title: 'A race of which the user takes two files',
    ...{ files: pair, report: pairReport, policy: 'review' },
    choose: { kind: 'take', index: 0, files: [{ path: 'src/b.js', index: 1 }] },
    turns: [
      {
        text: 'Make both 2',
        attempts: {
          1: [reply(setTo('a', '2')), reply(say('Only a.'))],
          2: [reply(call('look', 'read_file', { path: 'src/b.js' })), reply(setTo('b', '2')), reply(say('Only b.'))],
        },
      },
    ],
  },
  {
    title: 'A conversation that is shortened and made long again',
    files: { 'long.txt': long },
    contextWindow: 20_000,
    turns: [
      {
        text: 'Read it',
        replies: [...looks(0, 6), reply(say('Read.')), reply(say('The file is all y.'))],
        afterwards: (thread) => thread.compact(),
      },
      { text: 'And now?', replies: [reply(say('Still all y.'))], afterwards: (thread) => thread.undoCompaction() },
      {
        text: 'Again',
        replies: [
          ...looks(6, 2),
          cut([], { kind: 'fatal', code: 'context_length_exceeded', message: 'Too long.' }),
          reply(say('The file is all y, whatever the line.')),
          reply(say('All y.')),
        ],
      },
    ],
  },
  {
    title: 'A turn that goes on past its limit',
    limits: twoSteps,
    turns: [
      {
        text: 'Look around, then fix add',
        replies: [
          reply(call('one', 'read_file', { path: 'src/add.ts' })),
          reply(call('two', 'read_file', { path: 'README.md' })),
          reply(fix),
          reply(say('It adds now.')),
        ],
        afterwards: (thread) => thread.resume(),
      },
    ],
  },
]

/** When the recordings were made, as far as they know. */
const recordedAt = Date.UTC(2026, 0, 1)

/** Has every scenario played in a thread and records it. */
export function recordScenarios(): Promise<Cassette[]> {
  return Promise.all(scenarios.map(recordScenario))
}

export async function recordScenario(scenario: Scenario): Promise<Cassette> {
  const started = scenario.report ? createRaceWorld(scenario) : createWorld({ files, ...scenario })
  const world = {
    ...started.dependencies,
    ...(scenario.preview && { preview: scenario.preview }),
    wait: async () => undefined,
    now: () => new Date(recordedAt),
    async checkpoint() {
      const id = `checkpoint-${saved.size + 1}`
      saved.set(id, started.workspace.files)
      return id
    },
  }
  const saved = new Map<string, FileMap>()
  const events: AgentEvent[] = []
  const freeformTools = !scenario.functionTools
  const model = { id: 'recorded', label: '', kind: 'scripted', freeformTools, images: true, price: null } as const
  let callModel: Model = () => {
    throw new Error('No turn runs.')
  }
  let stopAt: AgentEvent['type'] | undefined
  const thread = createThread({
    ...{ id: 'cassette', events: [], policy: scenario.policy ?? 'auto', allowedRules: [], model: model.id, world },
    models: [{ ...model, contextWindow: scenario.contextWindow ?? null }],
    ...(scenario.limits && { settings: { limits: scenario.limits } }),
    callModel: (request, options) => callModel(request, options),
    async save(recorded) {
      events.push(...recorded)
      if (recorded.some(({ type }) => type === stopAt)) void thread.stop()
    },
  })
  thread.state.subscribe(({ approvals, questions, choice }) => {
    for (const approval of approvals) {
      const { decision, reason } = scenario.approve?.(approval) ?? { decision: 'deny' as const }
      thread.approve(approval.id, decision, reason)
    }
    for (const { id } of questions) thread.answer(id, scenario.answers ?? null)
    if (choice && scenario.choose) queueMicrotask(() => thread.choose(scenario.choose ?? { kind: 'again' }))
  })
  for (const turn of scenario.turns) {
    callModel = (turn.attempts ? attemptsModel(turn.attempts) : scriptedModel(turn.replies ?? [])).model
    stopAt = turn.stopAt
    const { text, mode } = turn
    const running = thread.send(text, {
      ...(mode && { mode }),
      candidates: Object.keys(turn.attempts ?? {}).length || 1,
    })
    if (turn.steer) thread.steer(turn.steer)
    await running
    await turn.afterwards?.(thread)
  }
  return recordCassette({
    title: scenario.title,
    events: events.map((event) => ({ ...event, at: recordedAt })),
    freeformTools,
    filesAt: async (id) => saved.get(id) ?? new Map(),
  })
}
