import type { AgentEvent } from '@/lib/agent'
import { createId, VitrineError } from '@/lib/base'
import type { Executables, FileMap, LinkMap } from '@/lib/workspace'
import {
  type BrowserStore,
  type NewCheckpoint,
  openBrowserStore,
  type ProjectMeta,
} from '@/lib/workspace/browser-store'
import { executableMemory } from './project-executables'
import { linkMemory } from './project-links'

// One connection a page: projects that storage refuses live in its memory until the page goes.
let opened: Promise<BrowserStore> | undefined

export function browserStore(): Promise<BrowserStore> {
  opened ??= openBrowserStore()
  return opened
}

/** Last opened first. */
export async function listProjects(): Promise<ProjectMeta[]> {
  return (await browserStore()).listProjects()
}

export interface NewProject {
  name: string
  files: FileMap
  links?: LinkMap
  /** Scripts where nothing is said. */
  executables?: Executables | undefined
  template?: string | null
  restricted?: boolean
  origin?: 'link' | 'recording' | undefined
  /** A recorded conversation to show. */
  events?: readonly AgentEvent[]
  /** The files of the checkpoints that it names. */
  checkpoints?: ReadonlyMap<string, FileMap>
}

/** Resolves to the new project's id. */
export async function addProject({
  name,
  files,
  links = new Map(),
  executables,
  template = null,
  restricted = false,
  origin,
  events = [],
  checkpoints = new Map(),
}: NewProject): Promise<string> {
  const store = await browserStore()
  const now = Date.now()
  const id = createId()
  await store.createProject(
    { id, name, template, createdAt: now, openedAt: now, restricted, ...(origin && { origin }) },
    files,
  )
  const memory = [...linkMemory(links), ...(executables ? [executableMemory(executables)] : [])]
  if (events.length > 0 || memory.length > 0) {
    const writer = await store.openWriter(id)
    for (const [key, value] of memory) writer.setMemory(key, value)
    if (events.length > 0) {
      const threadId = createId('thread_')
      await writer.appendEvents(threadId, events)
      await Promise.all(toStore(events, checkpoints, threadId).map(writer.saveCheckpoint))
    }
    await writer.dispose()
  }
  return id
}

/** One that holds what the one before it held shares its files. */
function toStore(
  events: readonly AgentEvent[],
  checkpoints: ReadonlyMap<string, FileMap>,
  threadId: string,
): NewCheckpoint[] {
  let whole: { id: string; files: FileMap } | null = null
  const found: NewCheckpoint[] = []
  for (const [index, event] of events.entries()) {
    const files = event.type === 'checkpoint' ? checkpoints.get(event.checkpointId) : undefined
    if (event.type !== 'checkpoint' || !files) continue
    const { checkpointId: id, label, at, turnId } = event
    const isSame: boolean = whole?.files === files
    found.push({
      ...{ id, label, at, turnId, files, thread: { threadId, events: index } },
      ...(isSame && whole && { filesOf: whole.id }),
    })
    if (!isSame) whole = { id, files }
  }
  return found
}

/** Makes a project from a template. Rejects with `not_found` when there is no such template. */
export async function createProject(templateName: string): Promise<string> {
  const { findTemplate } = await import('@/lib/workspace/templates')
  const template = findTemplate(templateName)
  if (!template) throw new VitrineError('not_found', `There is no template “${templateName}”.`, { param: 'template' })
  return addProject({ name: template.title, files: new Map(Object.entries(template.files)), template: template.name })
}

/** Makes a restricted project from a share link's fragment. Rejects with a sentence that says what is wrong with the link. */
export async function importLink(hash: string): Promise<string> {
  const [{ decodeProject, parseShareHash }, { parseEvents }] = await Promise.all([
    import('@/lib/share'),
    import('@/lib/agent/stored/parse-events'),
  ])
  const encoded = parseShareHash(hash)
  if (encoded === null) {
    throw new VitrineError(
      'invalid_request',
      'This link carries no project. Copy it again, with all that follows the “#”.',
    )
  }
  const decoded = await decodeProject(encoded)
  if (!decoded.ok) throw new VitrineError('invalid_request', decoded.message)
  const { name, files, links, executables, trace = [] } = decoded.project
  return addProject({ name, files, links, executables, restricted: true, origin: 'link', events: parseEvents(trace) })
}

export async function renameProject(id: string, name: string): Promise<void> {
  await (await browserStore()).updateMeta(id, { name })
}

export async function deleteProject(id: string): Promise<void> {
  await (await browserStore()).deleteProject(id)
}
