import { createId, untilAborted } from '@/lib/base'
import {
  type Effect,
  type GateVerdict,
  gateEffect,
  hasHidden,
  type PolicyMode,
  packageToRun,
  revealHidden,
} from '@/lib/safety'
import { runCommand } from '@/lib/sandbox'
import type { AgentEventBody, TurnMode } from '../events'
import { taintReason } from '../taint/taint'
import type { Turn } from '../turn'

/** `output` tells the model in plain words why not. */
type Permission = { granted: true } | { granted: false; output: string }

interface PermissionRequest {
  callId: string
  tool: string
  effect: Effect | null
  title: string
  detail: string
}

/** The only place where a side effect is allowed or refused. Asks the user where the policy says so; rejects when the turn is stopped. */
export async function permit(
  turn: Turn,
  { callId, tool, effect, title, detail }: PermissionRequest,
  emit: (body: AgentEventBody) => void,
): Promise<Permission> {
  if (effect === null) return { granted: true }
  const { mode } = turn.input
  const wanted = effect.kind === 'command' ? packageToRun(effect.command) : null
  // Without a question there is no wait, so that calls begin in the order in which they came.
  const installed = wanted !== null && (await isInstalled(turn, wanted)) ? wanted : undefined
  const verdict: GateVerdict = gateEffect(effect, {
    installed,
    mode: policyFor(mode, turn.dependencies.policy()),
    allowedRules: turn.dependencies.allowedRules(),
    isTainted: turn.taints.sources.length > 0,
    allowedKnowingly: turn.taints.allowedKnowingly,
    readScript: (path) => textFile(turn, path),
    projectPaths: () => turn.dependencies.workspace.files.keys(),
  })
  if (verdict.verdict === 'allow') return { granted: true }
  if (verdict.verdict === 'deny') {
    const why =
      mode === 'edit' ? verdict.reason : `This turn is in ${mode} mode, in which nothing is changed. ${verdict.reason}`
    return { granted: false, output: `refused by the policy: ${why}` }
  }
  const { unattended, recorded } = turn.dependencies
  if (recorded?.ranUnasked(callId)) return { granted: true }
  if (unattended !== undefined) {
    return {
      granted: false,
      output: `refused: it needs the user’s approval (${verdict.reason}), and ${unattended} Do what can be done without it.`,
    }
  }
  const approval = {
    id: createId('approval_'),
    callId,
    tool,
    title: revealHidden(title),
    detail: revealHidden(detail),
    reason: revealHidden(verdict.reason + taintReason(turn.taints.sources)),
    // Nobody can agree for good to what they cannot see.
    rule: verdict.rule !== null && hasHidden(verdict.rule) ? null : verdict.rule,
  }
  emit({ type: 'approval-request', approval })
  const answer = await untilAborted(turn.dependencies.approve(approval, turn.signal), turn.signal)
  emit({ type: 'approval-decision', id: approval.id, callId, ...answer })
  if (answer.decision === 'always' && approval.rule !== null) turn.taints.allow(approval.rule)
  if (answer.decision !== 'deny') return { granted: true }
  const why = answer.reason ? `The user's reason: ${answer.reason}` : 'The user gave no reason.'
  return { granted: false, output: `refused by the user; it was not run. ${why} Do not try it again in another form.` }
}

/** How long the sandbox may take to look. */
const lookTimeoutMs = 10_000

/** Whether a command of a package lies in `node_modules`: then `npx` downloads nothing. */
async function isInstalled({ dependencies, signal }: Turn, name: string): Promise<boolean> {
  const look = `test -e 'node_modules/.bin/${name}'`
  try {
    const { exitCode } = await runCommand(await dependencies.sandbox(), look, { timeoutMs: lookTimeoutMs, signal })
    return exitCode === 0
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof Error)) throw error
    // Why there is no sandbox is said when the command is to run; until then nothing counts as installed.
    return false
  }
}

function textFile({ dependencies }: Turn, path: string): string | undefined {
  const data = dependencies.workspace.files.get(path)
  return typeof data === 'string' ? data : undefined
}

/** Asking and planning never change the project, whatever the policy allows. */
function policyFor(mode: TurnMode, policy: PolicyMode): PolicyMode {
  return mode === 'edit' ? policy : 'read-only'
}
