import type * as Monaco from 'monaco-editor'
import { type Finding, placeOf } from '@/lib/agent/reviewer'

const tones: Record<Finding['priority'], string> = { 0: 'high', 1: 'high', 2: 'medium', 3: 'low' }

/** A bar beside each finding's lines, its title after the first, and the whole of it on hover. */
export function findingMarks(findings: readonly Finding[], text: string): Monaco.editor.IModelDeltaDecoration[] {
  return findings.flatMap((finding) => {
    const place = placeOf(finding, text)
    if (place === null) return []
    const { priority, title, body } = finding
    const tone = `finding-${tones[priority]}`
    const hover = { value: `**P${priority} · ${escapeMarkdown(title)}**\n\n${escapeMarkdown(body)}` }
    const lines = { startLineNumber: place.startLine, startColumn: 1, endLineNumber: place.endLine, endColumn: 1 }
    return [
      {
        range: lines,
        options: {
          isWholeLine: true,
          className: `finding-line ${tone}`,
          linesDecorationsClassName: `finding-bar ${tone}`,
          hoverMessage: hover,
        },
      },
      {
        range: { ...lines, endLineNumber: place.startLine, startColumn: maxColumn, endColumn: maxColumn },
        options: {
          after: { content: `P${priority} ${title}`, inlineClassName: `finding-title ${tone}` },
          showIfCollapsed: true,
        },
      },
    ]
  })
}

/** Monaco takes the line's end for any column beyond it. */
const maxColumn = 100_000

/** What a model wrote is text here, no links and no pictures. */
function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]()#+\-!<>|~]/g, '\\$&')
}
