/** A place in code that a rule points at. */
export interface CodeFinding {
  path: string
  /** 1-based. */
  line: number
  column: number
  severity: 'high' | 'medium' | 'low'
  /** Rule id, e.g. `no-eval`. */
  rule: string
  message: string
}
