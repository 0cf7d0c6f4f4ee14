/** Something the reviewer says is wrong, at lines of the project. */
export interface Finding {
  id: string
  /** 0 is the worst. */
  priority: 0 | 1 | 2 | 3
  title: string
  body: string
  path: string
  /** 1-based, inclusive, in the file as it was reviewed. */
  startLine: number
  endLine: number
  /** 0 to 1. */
  confidence: number
  /** The first of its lines, by which it is found again when lines have moved. */
  anchor: string
}

/** Where a finding's lines are in the text of now; null when its first line is gone. */
export function placeOf(finding: Finding, text: string): { startLine: number; endLine: number } | null {
  const { startLine, endLine, anchor } = finding
  const lines = text.split('\n')
  if (lines[startLine - 1] === anchor) return { startLine, endLine: Math.min(endLine, lines.length) }
  if (anchor.trim() === '') return null
  const places = lines.flatMap((line, index) => (line === anchor ? [index + 1] : []))
  const nearest = places.sort((a, b) => Math.abs(a - startLine) - Math.abs(b - startLine))[0]
  if (nearest === undefined) return null
  return { startLine: nearest, endLine: Math.min(lines.length, nearest + endLine - startLine) }
}
