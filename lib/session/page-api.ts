import type {
  AgentEvent,
  Answers,
  Approval,
  ApprovalDecision,
  QuestionSet,
  SendOptions,
  TurnMode,
  TurnResult,
} from '@/lib/agent'
import type { TestCheck } from '@/lib/agent/candidates/mutation-check'
import { type LimitSet, limitNames, readLimits } from '@/lib/agent/limits/limits'
import { noUsage } from '@/lib/agent/tokens/usage'
import { decodeUtf8, encodeUtf8, pathProblem, VitrineError } from '@/lib/base'
import type { PolicyMode } from '@/lib/safety'
import type { RunResult, TestReport } from '@/lib/sandbox'
import { applyChanges, type FileData, fileAndFolder, isScript } from '@/lib/workspace'
import type { CheckpointInfo, Session } from './types'

/** `window.vitrine` on every workspace page; see docs/page-api.md. */
export interface VitrinePage {
  version: string
  /** Files can be edited. */
  ready: Promise<void>
  sandbox: Promise<{ kind: 'embedded' | 'webcontainer'; bootMs: number }>
  files: {
    /** Rejects when there is no such file or it is binary. */
    read(path: string): Promise<string>
    readBytes(path: string): Promise<Uint8Array>
    write(path: string, data: string | Uint8Array): Promise<void>
    remove(path: string): Promise<void>
    /** Project-relative, sorted, without node_modules. */
    list(): Promise<string[]>
    mount(files: Record<string, string>, options?: { replace?: boolean }): Promise<void>
    /** Text files only. */
    snapshot(): Promise<Record<string, string>>
  }
  run(
    command: string,
    options?: { cwd?: string; env?: Record<string, string>; stdin?: string; timeoutMs?: number },
  ): Promise<RunResult>
  test(options?: { files?: string[]; filter?: string; coverage?: boolean }): Promise<TestReport>
  agent: {
    /** Resolves when the turn rests, also when it waits for the user (`waiting`); then it goes on after `approve`, `answer` or `pick`. */
    send(text: string, options?: SendOptions): Promise<TurnResult>
    /** Takes attempt `index` (from 0) once `send` with `candidates` waits; `files` come from other attempts, path → index. */
    pick(index: number, options?: { files?: Record<string, number> }): Promise<void>
    /** Breaks what the last turn changed, on forks, and tells which breaks the tests notice. */
    checkTests(): Promise<TestCheck>
    stop(): Promise<void>
    /** Sent when the running turn is done. */
    queue(text: string, options?: { mode?: TurnMode; candidates?: number }): Promise<void>
    steer(text: string): Promise<void>
    approve(id: string, decision: ApprovalDecision, reason?: string): Promise<void>
    pending(): Promise<Approval[]>
    /** What the model asks the user. */
    questions(): Promise<QuestionSet[]>
    /** Answers by question id; null when the user would rather not say. */
    answer(id: string, answers: Answers): Promise<void>
    events(): AgentEvent[]
    /** Responses input items. */
    history(): unknown[]
    setPolicy(mode: PolicyMode): void
    /** What a turn may use; what is left out stays as it is. */
    setLimits(limits: Partial<LimitSet>): void
  }
  checkpoints: {
    list(): Promise<CheckpointInfo[]>
    restore(id: string, what?: 'files' | 'thread' | 'both'): Promise<void>
  }
  preview: { url(): string | null; console(): { level: string; text: string }[] }
  share: { link(options?: { stored?: boolean; trace?: boolean }): Promise<string> }
}

export function createPageApi(session: Session, version: string): VitrinePage {
  const { workspace, agent, runtime } = session

  const edit = async (changes: { path: string; after: FileData | null }[], label: string) => {
    const { readOnly, meta } = session.project.getState()
    if (readOnly)
      throw new VitrineError('policy_denied', 'This project is open for writing in another tab. Take over first.')
    if (meta.restricted)
      throw new VitrineError('policy_denied', 'This project came from elsewhere. Press “Trust and fork” first.')
    for (const { path } of changes) {
      const problem = pathProblem(path)
      if (problem) throw new VitrineError('invalid_request', `${path}: ${problem}`, { param: 'path' })
    }
    const twofold = fileAndFolder(applyChanges(workspace.files, changes))
    if (twofold !== null)
      throw new VitrineError('invalid_request', `${twofold} would be a file and a folder.`, { param: 'path' })
    workspace.apply(changes, { origin: 'user', label })
  }
  const find = (path: string): FileData => {
    const data = workspace.files.get(path)
    if (data === undefined)
      throw new VitrineError('not_found', `There is no file ${path} in this project.`, { param: 'path' })
    return data
  }

  return {
    version,
    ready: Promise.resolve(),
    sandbox: sandboxReady(session),
    files: {
      async read(path) {
        const data = find(path)
        const text = typeof data === 'string' ? data : decodeUtf8(data)
        if (text === null)
          throw new VitrineError('invalid_request', `${path} is binary; use readBytes.`, { param: 'path' })
        return text
      },
      async readBytes(path) {
        const data = find(path)
        return typeof data === 'string' ? encodeUtf8(data) : data.slice()
      },
      write: (path, data) => edit([{ path, after: toFileData(data) }], `Write ${path}`),
      async remove(path) {
        find(path)
        await edit([{ path, after: null }], `Delete ${path}`)
      },
      list: async () => [...workspace.files.keys()].filter((path) => !path.startsWith('node_modules/')).sort(),
      async mount(files, options = {}) {
        const added = Object.entries(files).filter(([path, data]) => !workspace.files.has(path) && isScript(data))
        const kept = options.replace ? [...workspace.files.keys()].filter((path) => !Object.hasOwn(files, path)) : []
        await edit(
          [
            ...kept.map((path) => ({ path, after: null })),
            ...Object.entries(files).map(([path, after]) => ({ path, after: toFileData(after) })),
          ],
          'Mount files',
        )
        // Texts tell of no modes.
        session.executables.change(added.map(([path]) => ({ path, executable: true })))
      },
      async snapshot() {
        const text = [...workspace.files].filter((entry): entry is [string, string] => typeof entry[1] === 'string')
        return Object.fromEntries(text)
      },
    },
    run: (command, options) => runtime.run(command, options),
    test: (options) => runtime.test(options),
    agent: {
      async send(text, options) {
        assertText(text)
        assertOneOf('mode', options?.mode ?? 'edit', modes)
        return Promise.race([agent.send(text, options), untilWaiting(session)])
      },
      pick: (index, { files = {} } = {}) =>
        agent.choose({
          kind: 'take',
          index,
          files: Object.entries(files).map(([path, from]) => ({ path, index: from })),
        }),
      checkTests: () =>
        session.checkTests(agent.state.getState().events.at(-1)?.turnId ?? '', {
          signal: new AbortController().signal,
          onProgress: () => undefined,
        }),
      stop: () => agent.stop(),
      async queue(text, options) {
        assertText(text)
        assertOneOf('mode', options?.mode ?? 'edit', modes)
        await agent.enqueue(text, options)
      },
      async steer(text) {
        assertText(text)
        await agent.steer(text)
      },
      async approve(id, decision, reason) {
        assertOneOf('decision', decision, decisions)
        await agent.approve(id, decision, reason)
      },
      pending: async () => [...agent.state.getState().approvals],
      questions: async () => [...agent.state.getState().questions],
      answer: (id, answers) => agent.answer(id, answers),
      events: () => [...agent.state.getState().events],
      history: () => structuredClone([...agent.history()]),
      setPolicy(mode) {
        assertOneOf('mode', mode, policies)
        agent.setPolicy(mode)
      },
      setLimits(limits) {
        const before = agent.state.getState().limits
        const wanted = { ...before, turn: { ...before.turn, ...limits } }
        const isKnown = Object.keys(limits).every((name) => limitNames.some((known) => known === name))
        if (!isKnown || readLimits(wanted) !== wanted)
          throw new VitrineError(
            'invalid_request',
            'Limits are steps, tokens, seconds and dollars: above 0, or null.',
            {
              param: 'limits',
            },
          )
        agent.setSettings({ limits: wanted })
      },
    },
    checkpoints: {
      list: async () => [...session.checkpoints.state.getState().list],
      async restore(id, what) {
        assertOneOf('what', what ?? 'both', restorable)
        await session.checkpoints.restore(id, what)
      },
    },
    preview: {
      url: () => session.preview.state.getState().url,
      console: () => session.preview.state.getState().console.map(({ level, text }) => ({ level, text })),
    },
    share: {
      async link(options = {}) {
        if (options.stored)
          throw new VitrineError('invalid_request', 'This server keeps no shares; leave out `stored`.', {
            param: 'stored',
          })
        return session.share.link({ trace: options.trace })
      },
    },
  }
}

/** Resolves when the running turn waits for the user: for an approval, an answer, or a pick among attempts. */
function untilWaiting({ agent }: Session): Promise<TurnResult> {
  return new Promise((resolve) => {
    const stop = agent.state.subscribe(({ approvals, questions, choice, running }) => {
      const asked = approvals[0]?.title ?? questions[0]?.questions[0]?.question
      const message = asked ?? (choice && 'Pick one of the attempts.')
      if (message === null && running) return
      stop()
      if (message !== null)
        resolve({ status: 'waiting', message, verified: null, usage: noUsage, steps: 0, durationMs: 0 })
    })
  })
}

const modes: readonly TurnMode[] = ['ask', 'plan', 'edit']
const decisions: readonly ApprovalDecision[] = ['once', 'always', 'deny']
const policies: readonly PolicyMode[] = ['read-only', 'review', 'auto']
const restorable = ['files', 'thread', 'both']

/** No compiler has read what calls this: `'Plan'` must not pass for a mode in which files may be changed. */
function assertOneOf(param: string, value: string, known: readonly string[]): void {
  if (known.includes(value)) return
  throw new VitrineError('invalid_request', `“${param}” is ${known.join(' or ')}, not ${String(value)}.`, { param })
}

function assertText(text: unknown): void {
  if (typeof text !== 'string') throw new VitrineError('invalid_request', 'A message is a text.', { param: 'text' })
}

function toFileData(data: string | Uint8Array): FileData {
  if (typeof data === 'string') return data
  if (data instanceof Uint8Array) return decodeUtf8(data) ?? data.slice()
  throw new VitrineError('invalid_request', 'A file is a string or a Uint8Array.', { param: 'data' })
}

function sandboxReady(session: Session): VitrinePage['sandbox'] {
  const ready: VitrinePage['sandbox'] = new Promise((resolve, reject) => {
    const look = () => {
      const { status, kind, bootMs, error } = session.runtime.state.getState()
      if (status === 'ready' && bootMs !== null) resolve({ kind, bootMs })
      else if (status === 'failed') reject(new VitrineError('internal_error', error ?? 'The sandbox did not start.'))
    }
    session.runtime.state.subscribe(look)
    look()
  })
  // Nobody has to ask for it; the failure itself is shown by the status bar.
  ready.catch(() => undefined)
  return ready
}
