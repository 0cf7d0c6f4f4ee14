import type { GateVerdict, NetworkEffect, PolicyMode } from './policy'

interface NetworkGateOptions {
  mode: PolicyMode
  allowedRules?: readonly string[]
  /** Text that nobody here wrote is in the context: what the user allowed for good asks again. */
  isTainted?: boolean
  /** What the user allowed for good since then. */
  allowedKnowingly?: readonly string[]
}

/** What leaves the tab asks in every mode, until the user allows just that for good; looking is all that read-only lets out. */
export function gateNetwork(
  { reason, rule, looksOnly }: NetworkEffect,
  { mode, allowedRules = [], isTainted = false, allowedKnowingly = [] }: NetworkGateOptions,
): GateVerdict {
  if (mode === 'read-only' && !looksOnly) {
    return { verdict: 'deny', reason: `The policy is read-only: nothing is sent that may change something. ${reason}` }
  }
  const allowed = isTainted ? allowedKnowingly : allowedRules
  if (rule !== null && allowed.includes(rule)) return { verdict: 'allow' }
  return { verdict: 'ask', reason, rule }
}
