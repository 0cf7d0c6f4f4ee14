import { contentKey, type FileMap } from '@/lib/workspace'
import type { AgentEvent } from '../events'
import { applyPatch } from '../patch'
import type { FileEffects, Files, RecordedRun } from './cassette'

export function textOf(files: FileMap): Files {
  return Object.fromEntries([...files].filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}

export function changesOf(before: Files, after: Files): FileEffects {
  const changed = Object.entries(after).filter(([path, text]) => !Object.hasOwn(before, path) || before[path] !== text)
  const gone = Object.keys(before).filter((path) => !Object.hasOwn(after, path))
  return Object.fromEntries([...changed, ...gone.map((path) => [path, null] as const)])
}

export function withChanges(files: Files, changes: FileEffects): Files {
  return textOf(new Map(Object.entries({ ...files, ...changes }) as [string, string][]))
}

export function keysOf(files: Readonly<Files>): Files {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [path, contentKey(text)]))
}

/** A call that may have changed files; of a patch, its text. */
interface WritingCall {
  callId: string
  patch: string | null
}

/** Those that ended among the events; `known` has the calls of all of them. */
export function writingCalls(events: readonly AgentEvent[], known: readonly AgentEvent[] = events): WritingCall[] {
  const inputs = new Map(
    known.flatMap((event) => (event.type === 'tool-call-ready' ? [[event.callId, event.input]] : [])),
  )
  return events.flatMap((event) => {
    if (event.type !== 'tool-end' || (event.tool !== 'apply_patch' && event.result.changes === undefined)) return []
    const input = inputs.get(event.callId) ?? ''
    return [{ callId: event.callId, patch: event.tool === 'apply_patch' ? patchIn(input) : null }]
  })
}

function patchIn(input: string): string {
  if (!input.trimStart().startsWith('{')) return input
  const parsed: unknown = JSON.parse(input)
  return typeof parsed === 'object' && parsed !== null && 'patch' in parsed ? String(parsed.patch) : input
}

/** Patches are applied again in a replay; what else changed is put down to the last call that is no patch. */
export function addEffects(
  effects: RecordedRun['effects'],
  calls: readonly WritingCall[],
  { before, after }: { before: Files; after: Files },
): void {
  let patched: ReadonlyMap<string, string> = new Map(Object.entries(before))
  for (const { patch } of calls) {
    const applied = patch === null ? null : applyPatch(patched, patch, { mode: 'lenient' })
    if (applied?.ok) patched = applied.files
  }
  const rest = changesOf(Object.fromEntries(patched), after)
  const author = calls.findLast(({ patch }) => patch === null) ?? calls.at(-1)
  if (author && Object.keys(rest).length > 0) effects[author.callId] = rest
}
