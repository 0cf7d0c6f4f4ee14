import { extname, mergeSignals, messageOf, untilAborted } from '@/lib/base'
import { type CodeFinding, scanCode } from '@/lib/safety'
import type { Diagnostic, Sandbox, TestReport } from '@/lib/sandbox'
import { affectedTestFiles } from '@/lib/sandbox/affected'
import type { FileChange, FileMap } from '@/lib/workspace'
import type { Verification } from '../events'
import type { ToolContext } from '../types'

/** For all checks of one change together. What is not done by then counts as not checked. */
const verificationBudgetMs = 20_000
/** Up to this many test files all of them run: cheap, and it says more than a part. */
const alwaysRunAll = 12

/** What a check found, or why it did not happen. */
type Outcome<Value> = { value: Value; why: null } | { value: null; why: string }

/** Runs the affected tests, the type checker and the code scan over a change, side by side, within a time budget. */
export async function verifyChanges(
  changes: readonly FileChange[],
  context: Pick<ToolContext, 'workspace' | 'sandbox' | 'synced' | 'signal'>,
): Promise<Verification> {
  const startedAt = performance.now()
  const { files } = context.workspace
  const signal = mergeSignals(context.signal, verificationBudgetMs)
  const check = <Value>(run: (sandbox: Sandbox) => Promise<Value>) => attempt(context, signal, run)

  const selection = selectTests(files, changes)
  const hasTypes = [...files.keys()].some(isTypeScript)
  const [ran, types] = await Promise.all([
    selection.files.length > 0
      ? check((sandbox) => sandbox.test({ files: selection.files, timeoutMs: verificationBudgetMs, signal }))
      : skipped(selection.all.length > 0 ? 'no test imports what changed' : 'the project has no tests'),
    hasTypes ? check((sandbox) => typeErrors(sandbox, signal)) : skipped('the project has no TypeScript files'),
  ])
  const tests = ran.value && isEmpty(ran.value) ? { value: null, why: 'none of them ran' } : ran
  const findings = newFindings(changes)
  return {
    verified: (tests.value ?? types.value) !== null && passes(tests.value, types.value, findings),
    tests: tests.value,
    affected: selection.files.length === selection.all.length ? null : selection.files,
    types: types.value,
    findings,
    notChecked: [
      ...(tests.why === null ? [] : [{ what: 'tests' as const, why: tests.why }]),
      ...(types.why === null ? [] : [{ what: 'types' as const, why: types.why }]),
    ],
    durationMs: performance.now() - startedAt,
  }
}

/** Skipped tests prove nothing; files that fail as a whole prove something. */
function isEmpty({ passed, failed, suites }: TestReport): boolean {
  return passed + failed === 0 && suites.every(({ error }) => error === undefined)
}

export function passes(
  tests: TestReport | null,
  types: { errors: readonly Diagnostic[] } | null,
  findings: readonly CodeFinding[],
): boolean {
  const testsPass = tests === null || (tests.failed === 0 && tests.suites.every((suite) => suite.error === undefined))
  const typesPass = types === null || types.errors.length === 0
  return testsPass && typesPass && findings.every((finding) => finding.severity !== 'high')
}

function selectTests(files: FileMap, changes: readonly FileChange[]): { files: string[]; all: string[] } {
  const all = affectedTestFiles(files, [...files.keys()])
  const affected = affectedTestFiles(
    files,
    changes.map(({ path }) => path),
  )
  return { files: affected.length > 0 && all.length <= alwaysRunAll ? all : affected, all }
}

async function typeErrors(sandbox: Sandbox, signal: AbortSignal): Promise<{ errors: Diagnostic[] }> {
  const diagnostics = await sandbox.check(undefined, signal)
  return { errors: diagnostics.filter(({ severity }) => severity === 'error') }
}

/** What the change brought in: findings that its files did not have before, wherever they stood. */
function newFindings(changes: readonly FileChange[]): CodeFinding[] {
  return changes.flatMap(({ path, before, after }) => {
    if (typeof after !== 'string') return []
    const known = typeof before === 'string' ? scanCode(path, before).map(({ rule }) => rule) : []
    return scanCode(path, after).filter(({ rule }) => {
      const index = known.indexOf(rule)
      if (index !== -1) known.splice(index, 1)
      return index === -1
    })
  })
}

function isTypeScript(path: string): boolean {
  return ['.ts', '.tsx', '.mts', '.cts'].includes(extname(path))
}

async function skipped(why: string): Promise<{ value: null; why: string }> {
  return { value: null, why }
}

/** A check that fails or takes too long is one that was not made; only the user's Stop ends the whole. */
async function attempt<Value>(
  { sandbox, synced, signal: stop }: Pick<ToolContext, 'sandbox' | 'synced' | 'signal'>,
  signal: AbortSignal,
  run: (sandbox: Sandbox) => Promise<Value>,
): Promise<Outcome<Value>> {
  const checking = async () => {
    const machine = await sandbox()
    await synced()
    return run(machine)
  }
  try {
    return { value: await untilAborted(checking(), signal), why: null }
  } catch (error) {
    stop.throwIfAborted()
    return { value: null, why: signal.aborted ? `not done within ${verificationBudgetMs / 1000} s` : messageOf(error) }
  }
}
