import type { PageModule } from '../page/config'
import type { ModuleGraph } from './module-graph'
import type { Server } from './server'

/** A document on its way to one that loads nothing, and what is collected from it. */
export interface PageParts {
  document: Document
  /** What references are relative to. */
  base: string
  url: string
  server: Server
  graph: ModuleGraph
  modules: PageModule[]
  /** Code of classic scripts with `defer`, in order. */
  deferred: string[]
}

/** The address that an element's attribute leads to; null when it leads nowhere else. */
export function resolveReference(reference: string | null, base: string): string | null {
  if (reference === null || /^(data|blob|javascript|about):/i.test(reference) || !URL.canParse(reference, base))
    return null
  return new URL(reference, base).href
}

/** Null when the server has no such text. */
export async function loadText({ server }: PageParts, url: string, destination: string): Promise<string | null> {
  const answer = await server.text(url, destination).catch(() => null)
  return answer !== null && answer.status < 400 ? answer.text : null
}
