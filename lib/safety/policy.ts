/**
 * What the agent may do without asking.
 * `read-only`: look, never change or run. `review`: commands that change or run things ask first, patches are applied and reviewed after.
 * `auto`: everything inside the sandbox runs; dangerous commands and protected paths still ask.
 */
export type PolicyMode = 'read-only' | 'review' | 'auto'

/** `paths` are all files touched; `deletes` those of them that would be gone afterwards. */
export interface WriteEffect {
  kind: 'write'
  paths: string[]
  deletes?: string[]
}

export interface CommandEffect {
  kind: 'command'
  command: string
  /** Where it runs, relative to the project; the root when missing. */
  cwd?: string
  /** What is typed into it while it runs. */
  input?: string
}

/** Something leaves the tab for another computer, and its answer comes into the conversation. */
export interface NetworkEffect {
  kind: 'network'
  /** Who gets what, for people: “Asks the package registry about “lodash”.” */
  reason: string
  /** What “always” would allow, compared as a whole; null when only “once” makes sense. */
  rule: string | null
  /** Nothing is changed there, as far as anybody says. Never a reason not to ask. */
  looksOnly: boolean
}

/** What a tool call would do; the gate judges this, never the tool's name. */
export type Effect = CommandEffect | WriteEffect | NetworkEffect

/** `deny` is final; `ask` shows an approval card. `rule` is what “always” would allow (a command prefix), null when only “once” makes sense. */
export type GateVerdict =
  | { verdict: 'allow' }
  | { verdict: 'ask'; reason: string; rule: string | null }
  | { verdict: 'deny'; reason: string }
