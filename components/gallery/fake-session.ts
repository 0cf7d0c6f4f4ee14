import { defaultLimits } from '@/lib/agent/limits/limits'
import { createId, createStore, encodeUtf8 } from '@/lib/base'
import type { ExitStatus, SandboxProcess, TestReport } from '@/lib/sandbox'
import { createLivePreview } from '@/lib/sandbox/embedded/preview'
import { emptyView } from '@/lib/session/focus'
import { createProjectExecutables } from '@/lib/session/projects/project-executables'
import { createProjectLinks } from '@/lib/session/projects/project-links'
import type { ProjectState, RuntimeState, Session } from '@/lib/session/types'
import { createHistory, createReview, createWorkspace, type Workspace } from '@/lib/workspace'
import { sampleFiles } from './sample-files'
import { createSampleToolServers } from './sample-tool-servers'

export interface FakeSessionOptions {
  project?: Partial<ProjectState>
  restricted?: boolean
  runtime?: Partial<RuntimeState>
  files?: Record<string, string>
}

const sampleReport: TestReport = {
  passed: 3,
  failed: 1,
  skipped: 0,
  durationMs: 214,
  suites: [
    {
      file: 'tests/cart.test.ts',
      tests: [
        { name: 'cart > multiplies price by quantity', status: 'passed', durationMs: 1.8 },
        {
          name: 'cart > takes the discount off the total',
          status: 'failed',
          durationMs: 4.2,
          error: 'expected 900 to be 810\n\n- 810\n+ 900\n\n  at tests/cart.test.ts:12:30',
          location: { file: 'tests/cart.test.ts', line: 12, column: 30 },
        },
        { name: 'cart > charges nothing for an empty cart', status: 'passed', durationMs: 0.4 },
      ],
    },
    { file: 'tests/discount.test.ts', tests: [{ name: 'rounds to whole cents', status: 'passed', durationMs: 0.9 }] },
  ],
}

const sampleTestCheck: Awaited<ReturnType<Session['checkTests']>> = {
  kind: 'checked',
  noticed: 1,
  testFiles: ['tests/discount.test.ts'],
  durationMs: 620,
  tried: [
    { path: 'src/discount.ts', line: 3, column: 18, before: '<', after: '<=', noticedBy: null },
    {
      path: 'src/discount.ts',
      line: 4,
      column: 31,
      before: '-',
      after: '+',
      noticedBy: 'discount takes a percentage off',
    },
  ],
}

/** A session in memory, without sandbox, storage or model: for looking at components, never for users. */
export function createFakeSession({
  project,
  restricted = false,
  runtime,
  files = sampleFiles,
}: FakeSessionOptions = {}): Session {
  const workspace = createWorkspace(new Map(Object.entries(files)))
  const memory = new Map<string, unknown>()
  const links = createProjectLinks({ workspace, memory, setMemory: () => undefined })
  const executables = createProjectExecutables({
    ...{ workspace, memory },
    kept: () => new Map(),
    setMemory: () => undefined,
  })
  const projectStore = createStore<ProjectState>(() => ({
    meta: { id: 'gallery', name: 'Shopping cart', template: 'demo', createdAt: 0, openedAt: 0, restricted },
    readOnly: false,
    save: 'saved',
    saveProblem: null,
    notices: [],
    ...project,
  }))
  const filesStore = createStore<ReturnType<Session['files']['getState']>>(() => ({
    files: workspace.files,
    version: 0,
  }))
  workspace.subscribe(() => filesStore.setState({ files: workspace.files, version: workspace.version }))
  const testsStore: Session['tests'] = createStore(() => ({
    running: false,
    origin: null,
    report: null,
    stale: false,
    coverage: false,
  }))
  const review = createReview(workspace, { needsYou: (path) => path.startsWith('tests/') })
  changedByAgent(workspace)
  const agentState: Session['agent']['state'] = createStore(() => ({
    id: 'thread',
    events: [],
    running: false,
    turnId: null,
    approvals: [],
    questions: [],
    steering: [],
    queue: [],
    policy: 'review',
    model: 'demo',
    models: [
      {
        id: 'demo',
        label: 'Demo model (scripted)',
        kind: 'scripted',
        freeformTools: true,
        contextWindow: null,
        images: true,
        price: null,
      },
    ],
    interrupted: false,
    choice: null,
    allowedRules: [],
    filters: 'basic',
    effort: undefined,
    verbosity: undefined,
    limits: defaultLimits,
    ownKeys: 'openai',
    ownKey: 'none',
    download: null,
  }))
  const refuse = async (): Promise<never> => {
    throw new Error('The gallery has no agent.')
  }

  return {
    project: projectStore,
    workspace,
    files: filesStore,
    links,
    executables,
    agent: {
      state: agentState,
      send: refuse,
      resume: refuse,
      stop: async () => undefined,
      steer: refuse,
      enqueue: refuse,
      unqueue: () => undefined,
      sendQueued: refuse,
      approve: refuse,
      answer: refuse,
      choose: refuse,
      endAttempts: refuse,
      setPolicy: (policy) => agentState.setState({ policy }),
      setModel: (model) => agentState.setState({ model }),
      setSettings: (settings) => agentState.setState(settings),
      useOwnKey: async (_key, { keepInTab }) => agentState.setState({ ownKey: keepInTab ? 'tab' : 'memory' }),
      forgetOwnKey: async () => agentState.setState({ ownKey: 'none' }),
      newThread: async () => undefined,
      compact: refuse,
      undoCompaction: refuse,
      inspect: refuse,
      history: () => [],
    },
    review,
    reviewPaths: { state: createStore(() => ({ patterns: ['tests/**'] })), set: () => undefined },
    reviewer: {
      state: createStore<ReturnType<Session['reviewer']['state']['getState']>>(() => ({
        running: null,
        error: null,
        result: null,
      })),
      start: refuse,
      cancel: () => undefined,
      dismiss: () => undefined,
      fix: refuse,
    },
    runtime: {
      declarations: createStore(() => ({ files: [] })),
      state: createStore<RuntimeState>(() => ({
        status: 'ready',
        kind: 'embedded',
        bootMs: 320,
        error: null,
        ...runtime,
      })),
      spawn: async (command) => fakeProcess(command, [...workspace.files.keys()]),
      run: async () => ({ exitCode: 0, stdout: '', stderr: '', durationMs: 1, timedOut: false }),
      async test() {
        testsStore.setState({ running: true, origin: 'user' })
        await new Promise((resolve) => setTimeout(resolve, 600))
        testsStore.setState({ running: false, report: sampleReport })
        return sampleReport
      },
      restart: async () => undefined,
      running: createStore(() => ({
        jobs: [{ pid: 2, command: 'npm run dev', startedAt: Date.now() - 34_000, ports: [5173] }],
      })),
      kill: () => undefined,
    },
    tests: testsStore,
    async checkTests(_turnId, { onProgress }) {
      onProgress(1, 2)
      await new Promise((resolve) => setTimeout(resolve, 600))
      return sampleTestCheck
    },
    view: createStore(() => emptyView),
    problems: createStore(() => ({ diagnostics: [], checking: false })),
    preview: createSamplePreview(workspace),
    previewOrigin: null,
    threads: {
      state: createStore(() => ({ list: [] })),
      open: refuse,
      rename: () => undefined,
      remove: refuse,
      fork: refuse,
      forkAfterCall: refuse,
      search: async () => [],
      export: refuse,
    },
    toolServers: createSampleToolServers(),
    checkpoints: { state: createStore(() => ({ list: [] })), restore: async () => undefined, compare: async () => [] },
    share: { link: async () => `${location.origin}/open#v1.${'A'.repeat(1800)}` },
    memory: {
      get: <Value>(key: string) => memory.get(key) as Value | undefined,
      set: (key, value) => void memory.set(key, value),
    },
    history: createHistory(workspace, { links, executables }),
    rename: async (name) => projectStore.setState(({ meta }) => ({ meta: { ...meta, name } })),
    fork: async () => 'gallery',
    takeOver: async () => undefined,
    download: async () => new Blob(),
    dispose: async () => undefined,
  }
}

/** What the gallery shows as the agent's unjudged change. */
function changedByAgent(workspace: Workspace) {
  const path = 'src/discount.ts'
  const text = workspace.files.get(path)
  if (typeof text !== 'string') return
  const after = text
    .replace('export function', '/** Never below zero. */\nexport function')
    .replace('Math.round', 'Math.floor')
  workspace.apply([{ path, after }], { origin: 'agent', label: 'Patch', turnId: 'turn-1' })
}

function createSamplePreview(workspace: Workspace): Session['preview'] {
  const preview = createLivePreview({
    workspace,
    connect: () => Promise.reject(new Error('The gallery has no sandbox.')),
    startServer: () => null,
    storage: { read: () => [], write: () => undefined },
  })
  preview.log({ level: 'log', text: 'Cart loaded: 2 items' })
  preview.log({ level: 'warn', text: 'Not in the project: favicon.ico (in index.html)' })
  preview.log({ level: 'error', text: 'TypeError: quantity.toFixed is not a function\n  at src/page/main.ts:14:21' })
  return preview
}

/** Knows `ls` and `sleep`; answers anything else as a shell without that command would. */
function fakeProcess(command: string, paths: readonly string[]): SandboxProcess {
  let end: (status: ExitStatus) => void = () => undefined
  const exit = new Promise<ExitStatus>((resolve) => {
    end = resolve
  })
  return {
    pid: 1,
    command: createId(),
    onOutput(listener) {
      const known = command === 'ls' || command.startsWith('sleep')
      const text =
        command === 'ls' ? `${[...new Set(paths.map((path) => path.split('/')[0]))].sort().join('  ')}\n` : ''
      queueMicrotask(() => {
        listener({ stream: 'stdout', data: encodeUtf8(known ? text : `sh: ${command}: not found in the gallery\n`) })
        if (!command.startsWith('sleep')) end({ exitCode: known ? 0 : 127, timedOut: false })
      })
      return () => undefined
    },
    write: () => undefined,
    closeStdin: () => undefined,
    resize: () => undefined,
    kill: () => end({ exitCode: 130, timedOut: false }),
    exit,
  }
}
