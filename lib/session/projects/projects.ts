import type { AgentEvent } from '@/lib/agent'
import { createId, VitrineError } from '@/lib/base'
import type { FileMap, LinkMap } from '@/lib/workspace'
import { type BrowserStore, openBrowserStore, type ProjectMeta } from '@/lib/workspace/browser-store'
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
  template?: string | null
  restricted?: boolean
  origin?: 'link' | 'recording' | undefined
  /** A recorded conversation to show. */
  events?: readonly AgentEvent[]
}

/** Resolves to the new project's id. */
export async function addProject({
  name,
  files,
  links = new Map(),
  template = null,
  restricted = false,
  origin,
  events = [],
}: NewProject): Promise<string> {
  const store = await browserStore()
  const now = Date.now()
  const id = createId()
  await store.createProject(
    { id, name, template, createdAt: now, openedAt: now, restricted, ...(origin && { origin }) },
    files,
  )
  if (events.length > 0 || links.size > 0) {
    const writer = await store.openWriter(id)
    for (const [key, target] of linkMemory(links)) writer.setMemory(key, target)
    if (events.length > 0) await writer.appendEvents(createId('thread_'), events)
    await writer.dispose()
  }
  return id
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
  const { name, files, links, trace = [] } = decoded.project
  return addProject({ name, files, links, restricted: true, origin: 'link', events: parseEvents(trace) })
}

export async function renameProject(id: string, name: string): Promise<void> {
  await (await browserStore()).updateMeta(id, { name })
}

export async function deleteProject(id: string): Promise<void> {
  await (await browserStore()).deleteProject(id)
}
