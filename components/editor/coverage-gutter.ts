import type * as Monaco from 'monaco-editor'
import type { FileCoverage } from '@/lib/sandbox'

/** A bar beside each line that has code: it ran, it never ran, or one of its branches was never taken. */
export function coverageDecorations({
  covered,
  uncovered,
  partial,
}: FileCoverage): Monaco.editor.IModelDeltaDecoration[] {
  const half = new Set(partial)
  const bar = (line: number, kind: 'covered' | 'uncovered' | 'partial', hover: string) => ({
    range: { startLineNumber: line, startColumn: 1, endLineNumber: line, endColumn: 1 },
    options: { linesDecorationsClassName: `coverage-bar coverage-${kind}`, linesDecorationsTooltip: hover },
  })
  return [
    ...covered.map((line) =>
      half.has(line) ? bar(line, 'partial', 'A branch here was never taken') : bar(line, 'covered', 'Ran in a test'),
    ),
    ...uncovered.map((line) => bar(line, 'uncovered', 'No test runs this line')),
  ]
}
