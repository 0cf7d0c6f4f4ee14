import { plural } from '@/lib/base'
import { harmless } from './harmless'

/** What the user looks at, and what is known to be broken. */
export interface Focus {
  openFiles: readonly string[]
  active: string | null
  /** Lines of the active file, 1-based and inclusive; null when nothing is selected. */
  selection: { path: string; startLine: number; endLine: number } | null
  problems: { errors: number; warnings: number; files: readonly string[] }
  failingTests: readonly string[]
}

export const noFocus: Focus = {
  openFiles: [],
  active: null,
  selection: null,
  problems: { errors: 0, warnings: 0, files: [] },
  failingTests: [],
}

const maxListed = 10
const maxName = 160

const start = '<environment-focus>'

/** Empty when there is nothing to tell. */
export function describeFocus({ openFiles, active, selection, problems, failingTests }: Focus): string {
  const open = [...openFiles].sort((a, b) => Number(b === active) - Number(a === active))
  const lines = [
    open.length > 0 &&
      `open in the editor: ${list(open.map((path) => (path === active ? `${path} (in front)` : path)))}`,
    selection && `selected: ${name(selection.path)}:${selection.startLine}-${selection.endLine}`,
    (problems.errors > 0 || problems.warnings > 0) &&
      `problems: ${plural(problems.errors, 'error')}, ${plural(problems.warnings, 'warning')} in ${list(problems.files)}`,
    failingTests.length > 0 && `failing tests: ${list(failingTests)}`,
  ].filter((line) => typeof line === 'string')
  return lines.length === 0 ? '' : [start, ...lines, '</environment-focus>', ''].join('\n')
}

/** What the model was last told, as `describeFocus` wrote it; empty when it was told nothing. */
export function focusIn(text: string): string {
  const from = text.startsWith('<environment') ? text.lastIndexOf(start) : -1
  if (from === -1) return ''
  const end = '</environment-focus>\n'
  return text.slice(from, text.indexOf(end, from) + end.length)
}

export const nothingInFocus = `${start}\nnothing\n</environment-focus>\n`

function list(names: readonly string[]): string {
  const shown = names.slice(0, maxListed).map(name)
  const more = names.length - shown.length
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '')
}

/** On one line, and no tag. */
function name(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').slice(0, maxName)
  return harmless(line)
}
