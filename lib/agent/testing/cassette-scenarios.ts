import type { ModelEvent } from '@/lib/models'
import type { PolicyMode } from '@/lib/safety'
import type { TestReport } from '@/lib/sandbox'
import type { FileMap } from '@/lib/workspace'
import { type Cassette, recordCassette } from '../cassette'
import type { AgentEvent, Answers, Approval, ApprovalDecision, TurnMode } from '../events'
import { foldHistory } from '../history'
import { runTurn } from '../loop'
import type { PreviewProbe } from '../preview-probe'
import type { FakeSandboxOptions } from './fake-sandbox'
import { call, cut, patch, pieces, type Reply, reply, say, scriptedModel, think } from './scripted'
import { createWorld } from './world'

/** A conversation that takes one branch of the loop; recorded, it is a cassette. */
interface Scenario extends FakeSandboxOptions {
  title: string
  turns: ScenarioTurn[]
  files?: Record<string, string>
  policy?: PolicyMode
  approve?: (approval: Approval) => { decision: ApprovalDecision; reason?: string }
  answers?: Answers
  functionTools?: boolean
  preview?: PreviewProbe
}

interface ScenarioTurn {
  text: string
  mode?: TurnMode
  replies: readonly Reply[]
  /** Said while the turn runs, before the first step has ended. */
  steer?: string
  /** Pressed when an event of this type comes. */
  stopAt?: AgentEvent['type']
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
]

/** When the recordings were made, as far as they know. */
const recordedAt = Date.UTC(2026, 0, 1)

/** Runs every scenario through the loop and records it. */
export function recordScenarios(): Promise<Cassette[]> {
  return Promise.all(scenarios.map(recordScenario))
}

async function recordScenario(scenario: Scenario): Promise<Cassette> {
  const world = createWorld({ files, policy: 'auto', ...scenario })
  const saved = new Map<string, FileMap>()
  for (const [index, turn] of scenario.turns.entries()) {
    const controller = new AbortController()
    const { model } = scriptedModel(turn.replies)
    const input = {
      turnId: `turn-${index + 1}`,
      threadId: 'cassette',
      text: turn.text,
      mode: turn.mode ?? ('edit' as const),
      model: 'recorded',
      freeformTools: !scenario.functionTools,
      images: true,
    }
    if (turn.steer) world.steering.push(turn.steer)
    const running = runTurn(
      input,
      {
        ...world.dependencies,
        model,
        history: foldHistory(world.journal),
        ask: async () => scenario.answers ?? null,
        ...(scenario.preview && { preview: scenario.preview }),
        wait: async () => undefined,
        now: () => new Date(recordedAt),
        async checkpoint() {
          const id = `checkpoint-${saved.size + 1}`
          saved.set(id, world.workspace.files)
          return id
        },
      },
      controller.signal,
    )
    for await (const event of running) if (event.type === turn.stopAt) controller.abort()
  }
  return recordCassette({
    title: scenario.title,
    events: world.journal.map((event) => ({ ...event, at: recordedAt })),
    freeformTools: !scenario.functionTools,
    filesAt: async (id) => saved.get(id) ?? new Map(),
  })
}
