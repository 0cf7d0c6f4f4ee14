import { plural } from '@/lib/base'
import type { FileChange } from '@/lib/workspace'
import type { ChangedFile, ToolResult } from '../events'
import { toChangedFile } from '../files/written-files'
import type { ToolContext } from '../types'
import { verifyChanges } from './verify'
import { describeVerification } from './verify-text'

/** Checks what a tool changed and puts the outcome at the end of its output, so that it costs no step of its own. */
export async function withVerification(
  result: ToolResult,
  changes: readonly FileChange[],
  context: ToolContext,
): Promise<ToolResult> {
  if (changes.length === 0) return result
  const changed = result.changes ?? changes.map(toChangedFile)
  const verification = await verifyChanges(changes, context)
  const output = [result.output, describeChanges(changed), describeVerification(verification)].join('\n\n')
  return { ...result, output, changes: changed, verification }
}

/** `changed 2 files: src/a.ts (+3 −1), src/b.ts (new, +10)` */
export function describeChanges(changed: readonly ChangedFile[]): string {
  const files = changed.slice(0, 30).map(({ path, kind, additions, deletions }) => {
    if (kind === 'delete') return `${path} (deleted)`
    return kind === 'add' ? `${path} (new, +${additions})` : `${path} (+${additions} −${deletions})`
  })
  const more = changed.length > files.length ? ` and ${changed.length - files.length} more` : ''
  return `changed ${plural(changed.length, 'file')}: ${files.join(', ')}${more}`
}
