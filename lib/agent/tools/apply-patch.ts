import * as z from 'zod'
import { pathProblem } from '@/lib/base'
import type { FileMap, Workspace } from '@/lib/workspace'
import type { ChangedFile, ToolResult } from '../events'
import { applyPatch, type PatchChange, type PatchSection, patchGrammar, patchProgress } from '../patch'
import { parseLenient } from '../patch/parse-lenient'
import type { Tool, ToolContext } from '../types'
import { describeChanges, withVerification } from '../verify/with-verification'
import { jsonTool } from './json-tool'
import { describeOutOfDate, findOutOfDate, outOfDate } from './out-of-date'

const description =
  'Changes files with one patch, whole or not at all. "*** Begin Patch", then for each file "*** Add File: path" with lines that begin with +, "*** Delete File: path", or "*** Update File: path" (and "*** Move to: path") with hunks: "@@ enclosing function or class", then lines that begin with a space (context), - or +; "*** End Patch" at the end. The affected checks run by themselves and are reported below.'

interface PatchInput {
  patch: string
}

const behaviour: Omit<Tool<PatchInput>, 'definition' | 'parse'> = {
  parallel: false,
  describe({ patch }) {
    const paths = patchProgress(`${patch}\n`).map(({ path, movedTo }) => movedTo ?? path)
    return { title: paths.length > 0 ? `Edit ${paths.join(', ')}` : 'Edit files', detail: patch }
  },
  effect({ patch }) {
    const parsed = parseLenient(patch)
    // What does not parse is refused below and changes nothing.
    return parsed.ok
      ? { kind: 'write', paths: parsed.sections.flatMap(pathsOf), deletes: parsed.sections.flatMap(deletedBy) }
      : null
  },
  execute: ({ patch }, context) => patchFiles(patch, context),
}

/** As freeform text with a grammar, for models that write patches best that way. */
export const freeformPatch: Tool<PatchInput> = {
  definition: {
    type: 'custom',
    name: 'apply_patch',
    description,
    format: { type: 'grammar', syntax: 'lark', definition: patchGrammar },
  },
  parse: (raw) => ({ ok: true, input: { patch: raw } }),
  ...behaviour,
}

export const functionPatch: Tool<PatchInput> = jsonTool({
  name: 'apply_patch',
  description,
  arguments: z.object({ patch: z.string().describe('from "*** Begin Patch" to "*** End Patch"') }),
  ...behaviour,
})

async function patchFiles(patch: string, context: ToolContext): Promise<ToolResult> {
  const { workspace, turnId, callId, seen } = context
  const { files } = workspace
  const parsed = parseLenient(patch)
  const sections = parsed.ok ? parsed.sections : []
  const applied = applyPatch(textFiles(files), patch, { mode: 'lenient' })
  if (!applied.ok)
    return notApplied([applied.message, describeOutOfDate({ sections, files, seen })].join('\n').trimEnd())
  if (applied.changes.length === 0) return notApplied('The patch changes nothing: the files already read that way.')
  const problem = applied.changes.map((change) => problemWith(workspace, change)).find((found) => found !== null)
  if (problem) return notApplied(problem)
  const { refusal, note } = findOutOfDate({ patch, sections, changes: applied.changes, files, seen })
  if (refusal !== null) return notApplied(refusal, outOfDate)

  const changes = applied.changes.map(({ path, before, after }) => ({ path, before, after }))
  const changed = applied.changes.map(({ path, kind, additions, deletions }) => ({ path, kind, additions, deletions }))
  workspace.apply(changes, { origin: 'agent', label: describeChanges(changed), turnId, callId })

  const elsewhere = note === '' ? '' : `\nElsewhere in the file others changed lines since you last saw it. ${note}`
  const result: ToolResult = {
    ok: true,
    output: `patch applied${elsewhere}`,
    summary: summarize(changed),
    changes: changed,
  }
  try {
    return await withVerification(result, changes, context)
  } catch (error) {
    if (!context.signal.aborted) throw error
    return {
      ...result,
      output: `patch applied; stopped by the user before it was verified\n\n${describeChanges(changed)}`,
    }
  }
}

function notApplied(message: string, summary = 'not applied'): ToolResult {
  return { ok: false, output: `patch not applied, nothing was changed: ${message}`, summary }
}

function summarize(changed: readonly ChangedFile[]): string {
  const sum = (pick: (file: ChangedFile) => number) => changed.reduce((total, file) => total + pick(file), 0)
  return `+${sum((file) => file.additions)} −${sum((file) => file.deletions)}`
}

/** A path that is not allowed, or bytes that a text patch would lose. */
function problemWith({ files }: Workspace, { path, after }: PatchChange): string | null {
  if (files.get(path) instanceof Uint8Array) return `${path} is a binary file; patches change text files only.`
  const problem = after === null ? null : pathProblem(path)
  return problem === null ? null : `${path}: ${problem}`
}

function textFiles(files: FileMap): Map<string, string> {
  return new Map([...files].filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}

function pathsOf(section: PatchSection): string[] {
  return section.kind === 'update' && section.moveTo !== null ? [section.path, section.moveTo] : [section.path]
}

function deletedBy(section: PatchSection): string[] {
  const isGone = section.kind === 'delete' || (section.kind === 'update' && section.moveTo !== null)
  return isGone ? [section.path] : []
}
