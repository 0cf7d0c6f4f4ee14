/**
 * What the agent may do without asking.
 * `read-only`: look, never change or run. `review`: commands that change or run things ask first, patches are applied and reviewed after.
 * `auto`: everything inside the sandbox runs; dangerous commands and protected paths still ask.
 */
export type PolicyMode = 'read-only' | 'review' | 'auto'

/** What a tool call would do; the gate judges this, never the tool's name. */
export type Effect = { kind: 'command'; command: string } | { kind: 'write'; paths: string[] }

/** `deny` is final; `ask` shows an approval card. `rule` is what “always” would allow (a command prefix), null when only “once” makes sense. */
export type GateVerdict =
  | { verdict: 'allow' }
  | { verdict: 'ask'; reason: string; rule: string | null }
  | { verdict: 'deny'; reason: string }
