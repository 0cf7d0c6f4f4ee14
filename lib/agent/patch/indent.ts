import type { Placement } from './placement'
import type { ChunkLine } from './section'

/** Re-indents added lines when the file's indentation differs from the patch's, the same way in all matched lines. */
export function fitIndent(texts: readonly string[], placement: Placement): readonly ChunkLine[] {
  const mapping = indentMapping(texts, placement)
  if (mapping === null) return placement.lines
  return placement.lines.map((line) =>
    line.kind === 'add' && line.text.trim() !== '' ? { ...line, text: reindent(line.text, mapping) } : line,
  )
}

/** Patch indent → file indent; null when they agree or contradict each other. */
function indentMapping(texts: readonly string[], placement: Placement): Map<string, string> | null {
  const mapping = new Map<string, string>()
  const indexes = placement.at.values()
  let drifts = false
  for (const line of placement.lines) {
    if (line.kind === 'add') continue
    const index = indexes.next().value ?? null
    if (index === null || line.text.trim() === '') continue
    const wanted = indentOf(line.text)
    const actual = indentOf(texts[index] ?? '')
    if ((mapping.get(wanted) ?? actual) !== actual) return null
    mapping.set(wanted, actual)
    drifts ||= wanted !== actual
  }
  return drifts ? mapping : null
}

function reindent(text: string, mapping: ReadonlyMap<string, string>): string {
  const indent = indentOf(text)
  const known = mapping.get(indent)
  if (known !== undefined) return known + text.slice(indent.length)
  const base = [...mapping.keys()].filter((key) => indent.startsWith(key)).sort((a, b) => b.length - a.length)[0]
  if (base !== undefined) return (mapping.get(base) ?? '') + deepen(text.slice(base.length), mapping)
  return removeShared(text, indent, mapping)
}

/** Deeper than any matched line: further levels look as the matched ones do, say a tab for two spaces. */
function deepen(text: string, mapping: ReadonlyMap<string, string>): string {
  const rest = indentOf(text)
  const steps = [...mapping].sort(([a], [b]) => a.length - b.length)
  for (const [index, [wanted, actual]] of steps.entries()) {
    const [outerWanted, outerActual] = steps[index - 1] ?? ['', '']
    if (!wanted.startsWith(outerWanted) || !actual.startsWith(outerActual)) continue
    const [step, fileStep] = [wanted.slice(outerWanted.length), actual.slice(outerActual.length)]
    if (step !== '' && rest === step.repeat(rest.length / step.length)) {
      return fileStep.repeat(rest.length / step.length) + text.slice(rest.length)
    }
  }
  return text
}

/** An added line further out than any matched one: moved by as much as the outermost matched line was. */
function removeShared(text: string, indent: string, mapping: ReadonlyMap<string, string>): string {
  const [wanted, actual] = [...mapping].sort(([a], [b]) => a.length - b.length)[0] ?? ['', '']
  const length = Math.max(0, indent.length + actual.length - wanted.length)
  return actual.slice(0, length).padEnd(length, ' ') + text.slice(indent.length)
}

function indentOf(text: string): string {
  return /^\s*/.exec(text)?.[0] ?? ''
}
