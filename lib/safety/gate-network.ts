import type { GateVerdict, NetworkEffect, PolicyMode } from './policy'

interface NetworkGateOptions {
  mode: PolicyMode
  allowedRules?: readonly string[]
  /** Text that nobody here wrote is in the context: what the user allowed for good asks again. */
  isTainted?: boolean
}

/** What leaves the tab asks in every mode, until the user allows just that for good; looking is all that read-only lets out. */
export function gateNetwork(
  { reason, rule, looksOnly }: NetworkEffect,
  { mode, allowedRules = [], isTainted = false }: NetworkGateOptions,
): GateVerdict {
  if (mode === 'read-only' && !looksOnly) {
    return { verdict: 'deny', reason: `The policy is read-only: nothing is sent that may change something. ${reason}` }
  }
  if (isTainted) return { verdict: 'ask', reason, rule: null }
  if (rule !== null && allowedRules.includes(rule)) return { verdict: 'allow' }
  return { verdict: 'ask', reason, rule }
}
