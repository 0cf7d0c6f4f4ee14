import type { AgentEvent } from '@/lib/agent'
import { plural } from '@/lib/base'
import type { FileMap, LinkMap } from '@/lib/workspace'

export type ThreadFormat = 'json' | 'markdown' | 'cassette'

export interface ThreadFile {
  blob: Blob
  /** What it leaves out, in sentences; null when it has everything. */
  note: string | null
}

export interface ThreadFileOptions {
  title: string
  events: readonly AgentEvent[]
  freeformTools: boolean
  /** The files that a checkpoint holds; rejects when it is gone. */
  filesAt(checkpointId: string): Promise<FileMap>
  /** The project's symbolic links, by path. */
  links: LinkMap
}

/** A conversation as a file: everything recorded, what people read, or what `npm run eval` plays again. */
export async function toThreadFile(format: ThreadFormat, options: ThreadFileOptions): Promise<ThreadFile> {
  const { title, events } = options
  if (format === 'cassette') return toCassetteFile(options)
  if (format === 'json') return { blob: jsonOf({ version: 1, title, events }), note: null }
  const { threadToMarkdown } = await import('@/lib/agent/view/thread-markdown')
  return { blob: new Blob([threadToMarkdown(title, events)], { type: 'text/markdown' }), note: null }
}

/** It is played once, so that nobody learns only later that it comes out otherwise. */
async function toCassetteFile(options: ThreadFileOptions): Promise<ThreadFile> {
  const { recordCassette, replayCassette } = await import('@/lib/agent/cassette')
  const binary = new Set<string>()
  const filesAt = async (checkpointId: string) => {
    const files = await options.filesAt(checkpointId)
    for (const [path, data] of files) if (typeof data !== 'string') binary.add(path)
    return files
  }
  const cassette = await recordCassette({ ...options, filesAt })
  const { differences } = await replayCassette(cassette)
  const left = options.events.filter(({ type }) => type === 'turn-start').length - cassette.turns.length
  const notes = [
    left > 0 &&
      `The cassette begins at “${cassette.turns[0]?.text}”: the files from before that are not stored any more. What was said until then is in it.`,
    leftOut([...binary], [...options.links.keys()]),
    differences.length > 0 && `The cassette does not play as the conversation went. ${differences.join(' ')}`,
  ].filter((note) => typeof note === 'string')
  return { blob: jsonOf(cassette), note: notes.join(' ') || null }
}

const maxNamed = 3

/** Null when it has all files. */
function leftOut(binary: readonly string[], links: readonly string[]): string | null {
  const some = (paths: readonly string[], what: string) => {
    const named = paths.slice(0, maxNamed).join(', ')
    return paths.length === 0 ? [] : [`${plural(paths.length, what)} (${named}${paths.length > maxNamed ? ', …' : ''})`]
  }
  const parts = [...some(binary, 'binary file'), ...some(links, 'symbolic link')]
  return parts.length === 0 ? null : `It holds text files only, so it leaves out ${parts.join(' and ')}.`
}

function jsonOf(value: unknown): Blob {
  return new Blob([JSON.stringify(value, null, 2)], { type: 'application/json' })
}
