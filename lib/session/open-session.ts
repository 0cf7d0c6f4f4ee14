import type { AgentEvent, QueuedMessage, Verification } from '@/lib/agent'
import { isDurable } from '@/lib/agent/events'
import { createId, createStore, VitrineError } from '@/lib/base'
import type { Model } from '@/lib/models'
import { withoutRefusedSummaries } from '@/lib/models/responses/refused-summaries'
import { createSentInputs } from '@/lib/models/responses/sent-inputs'
import { createLivePreview } from '@/lib/sandbox/embedded/preview'
import { changesBetween, createHistory, createReview, createWorkspace } from '@/lib/workspace'
import { type ProjectWriter, projectLock } from '@/lib/workspace/browser-store'
import { createAgentFacade, type OpenThread } from './agent-facade'
import { createCheckpoints } from './checkpoints'
import { createWorkerCounter } from './count-in-worker'
import { emptyView, focusOf } from './focus'
import { createDeviceModels } from './models/device-model'
import { askForModels, loadModels } from './models/load-models'
import { type OwnKey, ownKeyOfPage } from './models/own-key'
import { createProjectExecutables } from './projects/project-executables'
import { createProjectLinks } from './projects/project-links'
import { addProject, browserStore } from './projects/projects'
import { checkTurnTests } from './review/check-turn-tests'
import { createReviewPaths } from './review/review-paths'
import { createReviewer } from './review/reviewer'
import { createKeptFiles } from './runtime/kept-files'
import { createPackageSource } from './runtime/package-source'
import { createPreviewProbe } from './runtime/preview-probe'
import { createRuntime } from './runtime/runtime'
import { startDevServer } from './runtime/start-dev-server'
import { readEvents } from './threads/read-events'
import { readSettings, rememberSettings } from './threads/thread-settings'
import { createThreads } from './threads/threads'
import { declaredServersOfPage } from './tool-servers/declared-servers'
import { createToolServers } from './tool-servers/tool-servers'
import type { ProjectMeta, ProjectState, RuntimeState, Session } from './types'
import { untilOnline } from './until-online'

export interface OpenOptions {
  sandbox?: RuntimeState['kind']
  version: string
  /** Under which previews have hosts of their own; null for the opaque frame. */
  previewOrigin: string | null
}

/** Opens a stored project in this tab; null when there is none with this id. */
export async function openSession(
  id: string,
  { sandbox: prefer = 'embedded', version, previewOrigin }: OpenOptions,
): Promise<Session | null> {
  const ownKey = ownKeyOfPage()
  const device = createDeviceModels()
  const models = loadModels(ownKey)
  const store = await browserStore()
  const [stored, lock] = await Promise.all([store.loadProject(id), projectLock(id)])
  if (!stored) {
    lock.release()
    return null
  }

  const meta = { ...stored.meta, openedAt: Date.now() }
  const project = createStore<ProjectState>(() => ({
    meta,
    readOnly: lock.state === 'reader',
    save: 'saved',
    saveProblem: null,
    notices: [],
  }))
  const notify = (level: 'info' | 'warning' | 'error', message: string) =>
    project.setState(({ notices }) => ({ notices: [...notices, { id: createId(), level, message }] }))
  const assertTrusted = () => {
    if (project.getState().meta.restricted) {
      throw new VitrineError(
        'policy_denied',
        'This project came from elsewhere; nothing runs until you press “Trust and fork”.',
      )
    }
  }
  const assertMayRun = () => {
    assertTrusted()
    if (project.getState().readOnly) {
      throw new VitrineError(
        'policy_denied',
        'This project is open for writing in another tab. Take over to work here.',
      )
    }
  }

  const workspace = createWorkspace(stored.files)
  const files = createStore(() => ({ files: workspace.files, version: workspace.version }))
  const memory = new Map(Object.entries(stored.memory))
  const beside = { memory, setMemory: (key: string, value: unknown) => setMemory(key, value) }
  const kept = createKeptFiles(beside)
  const links = createProjectLinks({ workspace, ...beside })
  const executables = createProjectExecutables({ workspace, kept: kept.files, ...beside })
  const history = createHistory(workspace, { links, executables })
  const reviewPaths = createReviewPaths({
    remembered: memory.get('review-paths'),
    remember: (patterns) => setMemory('review-paths', patterns),
  })
  const review = createReview(workspace, {
    saved: memory.get('review'),
    savedJudgements: memory.get('review-judgements'),
    needsYou: reviewPaths.needsYou,
  })
  const runtime = createRuntime({
    workspace,
    prefer,
    assertMayRun,
    turnId: () => agent.state.getState().turnId,
    kept,
    links: links.mirrored,
    executables: executables.mirrored,
    onNotice: (message) => notify('warning', message),
    cacheScope: id,
    onPort: (event) => preview.portChanged(event),
  })
  const preview = createLivePreview({
    workspace,
    connect: async (port) => (await runtime.sandbox()).connect(port),
    startServer: (tell) => startDevServer(workspace, runtime.api, tell),
    storage: {
      read: (origin) => (memory.get(`preview-storage:${origin}`) as [string, string][] | undefined) ?? [],
      write: (origin, entries) => setMemory(`preview-storage:${origin}`, entries),
    },
  })

  const tokenizer = createWorkerCounter()
  const view = createStore(() => emptyView)
  const problems: Session['problems'] = createStore(() => ({ diagnostics: [], checking: false }))
  let writer: ProjectWriter | null = null
  const setMemory = (key: string, value: unknown) => {
    memory.set(key, value)
    writer?.setMemory(key, value)
  }

  const callModel = device.route(callServer(ownKey))
  const toolServers = createToolServers({
    assertMayRun,
    declared: declaredServersOfPage(),
    remembered: memory.get('tool-servers'),
    remember: (servers) => setMemory('tool-servers', servers),
  })
  const threadOptions = (threadId: string, events: readonly AgentEvent[]): OpenThread => ({
    id: threadId,
    events,
    policy: 'review',
    allowedRules: [],
    model: '',
    callModel,
    countTexts: tokenizer.count,
    cores: navigator.hardwareConcurrency,
    review: () => review.state.getState().outcomes,
    save: async (recorded) => {
      showTests(recorded)
      threads.note(threadId, recorded)
      await writer?.appendEvents(threadId, recorded)
      // Told, once the telling is durable.
      for (const event of recorded) if (event.type === 'turn-start' && event.review) review.delivered(event.review)
    },
    world: {
      workspace,
      sandbox: runtime.sandbox,
      synced: runtime.synced,
      placeLinks: links.change,
      placeExecutables: executables.change,
      preview: createPreviewProbe(() => preview),
      focus: () => focusOf({ view, problems, tests: runtime.tests }),
      checkpoint: (label, turnId) => checkpoints.save(label, turnId),
      untilOnline,
      foreignProject: foreignProject(meta.origin),
      loadPackage: createPackageSource(),
      toolServers: toolServers.turn,
      symbols: runtime.symbols,
      refreshedSymbols: runtime.refreshedSymbols,
    },
    queue: readQueue(memory.get(`queue:${threadId}`)),
    ...(memory.get('agent') as Partial<Pick<OpenThread, 'policy' | 'allowedRules' | 'model'>> | undefined),
    settings: readSettings(memory.get(`settings:${threadId}`) ?? memory.get('settings'), events),
  })
  const shown = await lastThread(stored, memory.get('thread'), (threadId) => store.readThread(id, threadId))
  const agent = createAgentFacade(threadOptions(shown.id, shown.events), {
    assertMayRun,
    models,
    ownKey,
    device,
    askForModels,
    newThreadOptions: () => threadOptions(createId('thread_'), []),
  })
  const threads = createThreads({
    agent,
    assertMayChange: assertMayRun,
    optionsFor: threadOptions,
    store: {
      read: (threadId) => store.readThread(id, threadId),
      append: async (threadId, events) => writer?.appendEvents(threadId, events),
      remove: async (threadId) => writer?.removeThread(threadId),
    },
    filesAt: (checkpointId) => checkpoints.filesAt(checkpointId),
    links: () => links.state.getState().links,
    remembered: memory.get('threads'),
    remember: (list) => setMemory('threads', list),
  })
  const checkpoints = createCheckpoints({
    projectId: id,
    store,
    writer: () => writer,
    workspace,
    links,
    executables,
    history,
    agent: () => agent,
    threads: () => threads,
    assertMayRun,
  })

  const reviewer = createReviewer({
    files: () => workspace.files,
    checkpoints: checkpoints.api,
    events: () => agent.thread.state.getState().events,
    callModel,
    model: async () => {
      await models
      const { model, models: known } = agent.state.getState()
      const info = known.find((each) => each.id === model)
      return { id: model, label: info?.label ?? model, price: info?.price ?? null }
    },
    account: () => agent.thread,
    assertMayRun,
    send: (text, { path, startLine, endLine, priority, title, body }) =>
      agent.enqueue(text, { attachments: [{ kind: 'finding', path, startLine, endLine, priority, title, body }] }),
    remembered: memory.get('findings'),
    remember: (result) => setMemory('findings', result ?? undefined),
  })

  /** What the agent's checks found is what the tests panel shows. */
  const showTests = (recorded: readonly AgentEvent[]) => {
    for (const event of recorded) {
      const report = verificationOf(event)?.tests
      if (report) runtime.tests.setState({ report, origin: 'agent', stale: false })
    }
  }

  const openWriter = async () => {
    const opened = await store.openWriter(id)
    writer = opened
    opened.state.subscribe((save) => project.setState({ save, saveProblem: opened.problem()?.message ?? null }))
    checkpoints.api.state.setState({ list: await opened.listCheckpoints() })
    executables.save()
    await store.updateMeta(id, { openedAt: meta.openedAt })
  }
  const stopFollowing = store.follow(id, ({ changes }) => {
    if (!writer) workspace.apply(changes, { origin: 'import', label: 'Changed in another tab' })
  })
  workspace.subscribe((edit) => {
    files.setState({ files: workspace.files, version: workspace.version })
    writer?.saveEdit(edit)
  })
  review.state.subscribe(() => {
    setMemory('review', review.save())
    const judgements = review.saveJudgements()
    if (judgements !== memory.get('review-judgements')) setMemory('review-judgements', judgements)
  })
  reviewPaths.state.subscribe(() => review.refresh())
  agent.state.subscribe((now, before) => {
    const { policy, allowedRules, model } = now
    const isSame = policy === before.policy && allowedRules === before.allowedRules && model === before.model
    // The server's default is nobody's choice, so it is not remembered as one.
    const isDefault = now.models !== before.models
    if (!isSame && !isDefault) setMemory('agent', { policy, allowedRules, model })
    rememberSettings(now, before, setMemory)
    if ((now.queue !== before.queue || now.steering !== before.steering) && now.id === before.id) {
      // What a reload keeps from the running turn waits to be sent.
      const waiting = [...now.steering, ...now.queue]
      setMemory(`queue:${now.id}`, waiting.length > 0 ? waiting : undefined)
    }
    if (now.id !== before.id) {
      setMemory('thread', now.id)
      // Not with the next edit: a reload may come first.
      void writer?.flush()
    }
  })
  lock.onLost(async () => {
    project.setState({ readOnly: true })
    await agent.stop()
    const lost = writer
    writer = null
    await Promise.all([lost?.dispose(), runtime.dispose()])
  })

  if (!project.getState().readOnly) await openWriter()
  void models.then(({ notice }) => notice && notify('warning', notice))
  if (stored.missing.length > 0) notify('error', `The browser has lost the content of ${stored.missing.join(', ')}.`)

  return {
    project,
    workspace,
    files,
    links,
    executables,
    agent,
    review,
    reviewPaths,
    reviewer,
    runtime: runtime.api,
    tests: runtime.tests,
    async checkTests(turnId, { signal, onProgress }) {
      assertMayRun()
      return checkTurnTests({
        events: agent.thread.state.getState().events,
        turnId,
        readFiles: async (checkpointId) => (await store.readCheckpoint(id, checkpointId))?.files ?? null,
        workspace,
        sandbox: runtime.sandbox,
        synced: runtime.synced,
        signal,
        onProgress,
      })
    },
    problems,
    view,
    preview: {
      ...preview,
      open(path) {
        assertTrusted()
        preview.open(path)
      },
    },
    previewOrigin,
    threads: threads.api,
    toolServers: toolServers.api,
    checkpoints: checkpoints.api,
    share: {
      async link({ trace = false, secrets = 'refuse' } = {}) {
        const { createShareLink, describeSecrets, encodeProject, findSecretsInProject } = await import('@/lib/share')
        const found = secrets === 'refuse' ? findSecretsInProject(workspace.files) : []
        if (found.length > 0) throw new VitrineError('content_filter', describeSecrets(found))
        const events = trace ? { trace: agent.thread.state.getState().events.filter(isDurable) } : {}
        const encoded = await encodeProject({
          name: project.getState().meta.name,
          files: workspace.files,
          links: links.state.getState().links,
          executables: executables.state.getState().executables,
          createdBy: `vitrine ${version}`,
          ...events,
        })
        return createShareLink(location.origin, encoded).url
      },
    },
    memory: { get: <Value>(key: string) => memory.get(key) as Value | undefined, set: setMemory },
    history,
    async rename(name) {
      await store.updateMeta(id, { name })
      project.setState(({ meta: current }) => ({ meta: { ...current, name } }))
    },
    fork() {
      const { name, restricted } = project.getState().meta
      const origin = meta.origin ?? (restricted ? 'link' : undefined)
      const { files } = workspace
      return addProject({
        ...{ name, files, template: meta.template, origin },
        ...links.state.getState(),
        ...executables.state.getState(),
      })
    },
    async takeOver() {
      await lock.takeOver()
      const current = await store.loadProject(id)
      if (current)
        workspace.apply(changesBetween(workspace.files, current.files), { origin: 'import', label: 'Taken over' })
      // What the other tab stored beside the files holds, not what was read when this one was opened.
      const told = current?.memory ?? {}
      if (Object.keys(told).length > 0) {
        reviewPaths.recall(told['review-paths'])
        review.recall(told.review, told['review-judgements'])
        reviewer.recall(told.findings)
        toolServers.recall(told['tool-servers'])
        threads.recall(told.threads)
        // After these, as each notes here what it held before it recalls; links are read from it.
        memory.clear()
        for (const [key, value] of Object.entries(told)) memory.set(key, value)
        links.recall()
        executables.recall()
      }
      await openWriter()
      project.setState({ readOnly: false })
      if (current) {
        const last = await lastThread(current, current.memory.thread, (threadId) => store.readThread(id, threadId))
        await agent.open(threadOptions(last.id, last.events))
      }
    },
    download: async () =>
      (await import('@/lib/share')).writeZip(workspace.files, {
        ...links.state.getState(),
        ...executables.state.getState(),
      }),
    async dispose() {
      await agent.stop()
      stopFollowing()
      reviewer.dispose()
      preview.dispose()
      tokenizer.dispose()
      await Promise.all([runtime.dispose(), toolServers.dispose(), writer?.dispose()])
      lock.release()
    },
  }
}

/** Whose text the project's own files are, when not the user's: what the agent is careful about. */
function foreignProject(origin: ProjectMeta['origin']): string | null {
  if (origin === undefined) return null
  return `the files of this project, which came ${origin === 'link' ? 'by a link' : 'in a recording'}`
}

/** What the agent needs to work is loaded when it works, so that files can be edited sooner. */
const callServer = (ownKey: OwnKey): Model =>
  withoutRefusedSummaries(async function* (request, options) {
    const { createResponsesModel } = await import('@/lib/models/responses/client')
    yield* createResponsesModel({ url: '/api/v1/responses', headers: ownKey.headers(), sent: sentInputs })(
      request,
      options,
    )
  })

const sentInputs = createSentInputs()

/** Messages that waited when the tab was closed: they go on waiting, and are not sent by themselves. */
function readQueue(value: unknown): readonly QueuedMessage[] {
  if (!Array.isArray(value)) return []
  return value.filter(
    (entry): entry is QueuedMessage =>
      typeof entry?.id === 'string' && typeof entry.text === 'string' && typeof entry.mode === 'string',
  )
}

/** Of the project itself; what attempts found on their forks says nothing about it. */
function verificationOf(event: AgentEvent): Verification | null {
  if (event.type === 'candidates-checked') return event.verification
  return event.type === 'tool-end' ? (event.result.verification ?? null) : null
}

/** The conversation that was open last. */
async function lastThread(
  stored: { threadId: string | null; events: readonly unknown[] },
  remembered: unknown,
  read: (threadId: string) => Promise<readonly unknown[]>,
): Promise<{ id: string; events: readonly AgentEvent[] }> {
  const id = typeof remembered === 'string' ? remembered : (stored.threadId ?? createId('thread_'))
  return { id, events: await readEvents(id === stored.threadId ? stored.events : await read(id)) }
}
