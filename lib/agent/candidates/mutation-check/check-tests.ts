import type { TestReport } from '@/lib/sandbox'
import { affectedTestFiles } from '@/lib/sandbox/affected'
import type { FileChange } from '@/lib/workspace'
import { type ForkBase, type ForkSource, freeze, openFork } from '../fork'
import { runInPool } from '../pool'
import { changedLineNumbers } from './changed-lines'
import { canMutate, type Mutant, mutantsOf, spread } from './mutants'

/** What the tests said to one way of breaking the code. */
export interface TriedMutant extends Omit<Mutant, 'text'> {
  /** The first test that failed; null when all passed, so that nobody would have noticed. */
  noticedBy: string | null
}

export type TestCheck =
  | { kind: 'checked'; tried: TriedMutant[]; noticed: number; testFiles: string[]; durationMs: number }
  /** Nothing could be learnt, and why; a sentence. */
  | { kind: 'not-checked'; why: string }

export interface TestCheckOptions extends ForkSource {
  /** What was changed, as it is now. */
  changes: readonly FileChange[]
  /** Processor cores: how many breaks are tried at once. */
  cores: number
  signal: AbortSignal
  onProgress?: (done: number, total: number) => void
}

/** Enough to tell careful tests from careless ones within seconds. */
const maxMutants = 16
const maxAtOnce = 4
/** A break can make code run for ever: tests get this many times what they took unbroken, and at least so long. */
const patience = { factor: 5, leastMs: 3000 }
const firstRunMs = 60_000

/**
 * Breaks the changed lines in small ways, one at a time on forks, and sees which of the breaks the tests notice. The
 * same change and the same tests give the same answer. Rejects only with the signal's reason.
 */
export async function checkTests(options: TestCheckOptions): Promise<TestCheck> {
  const { changes, signal, workspace } = options
  const startedAt = performance.now()
  const testFiles = affectedTestFiles(
    workspace.files,
    changes.map(({ path }) => path),
  )
  if (testFiles.length === 0) return notChecked('No test imports what changed.')
  const mutants = mutantsFor(changes, new Set(testFiles))
  if (mutants.length === 0) return notChecked(whyNone(changes))

  const base = await freeze(options)
  try {
    const before = await tryOn(base, null, { testFiles, timeoutMs: firstRunMs, signal })
    if (before.noticedBy !== null) return notChecked(`“${before.noticedBy}” fails already; mend that first.`)
    const timeoutMs = Math.max(patience.leastMs, before.durationMs * patience.factor)
    const tried = await tryAll(base, mutants, { ...options, testFiles, timeoutMs })
    const noticed = tried.filter(({ noticedBy }) => noticedBy !== null).length
    return { kind: 'checked', tried, noticed, testFiles, durationMs: performance.now() - startedAt }
  } finally {
    base.dispose()
  }
}

/** Tests themselves are not broken: they would be wrong about themselves. */
function mutantsFor(changes: readonly FileChange[], testFiles: ReadonlySet<string>): Mutant[] {
  const all = changes.flatMap((change) =>
    typeof change.after !== 'string' || testFiles.has(change.path)
      ? []
      : mutantsOf(change.path, change.after, changedLineNumbers(change)),
  )
  return spread(all, maxMutants)
}

interface Trial {
  testFiles: string[]
  timeoutMs: number
  signal: AbortSignal
}

async function tryAll(
  base: ForkBase,
  mutants: readonly Mutant[],
  { cores, onProgress, ...trial }: Trial & Pick<TestCheckOptions, 'cores' | 'onProgress'>,
): Promise<TriedMutant[]> {
  const tried = new Map<Mutant, TriedMutant>()
  const failures: unknown[] = []
  await runInPool(mutants, Math.min(maxAtOnce, Math.max(1, cores)), async (mutant) => {
    if (failures.length > 0) return
    try {
      const { noticedBy } = await tryOn(base, mutant, trial)
      const { text, ...place } = mutant
      tried.set(mutant, { ...place, noticedBy })
      onProgress?.(tried.size, mutants.length)
    } catch (error) {
      failures.push(error)
    }
  })
  if (failures.length > 0) throw failures[0]
  return mutants.flatMap((mutant) => tried.get(mutant) ?? [])
}

/** Each break gets a fork of its own, so that none sees what another left behind. */
async function tryOn(
  base: ForkBase,
  mutant: Mutant | null,
  { testFiles, timeoutMs, signal }: Trial,
): Promise<{ noticedBy: string | null; durationMs: number }> {
  signal.throwIfAborted()
  const fork = openFork(base, 'test-check')
  const startedAt = performance.now()
  try {
    const sandbox = await fork.sandbox()
    if (mutant) fork.workspace.apply([{ path: mutant.path, after: mutant.text }], { origin: 'agent', label: 'Break' })
    await fork.synced()
    const report = await sandbox.test({ files: testFiles, timeoutMs, signal })
    return { noticedBy: firstFailure(report), durationMs: performance.now() - startedAt }
  } finally {
    fork.dispose()
  }
}

function firstFailure({ suites }: TestReport): string | null {
  const broken = suites.find(({ error }) => error !== undefined)
  if (broken) return `${broken.file || 'the tests'}: ${broken.error?.split('\n', 1)[0] ?? ''}`
  return suites.flatMap(({ tests }) => tests).find(({ status }) => status === 'failed')?.name ?? null
}

function notChecked(why: string): TestCheck {
  return { kind: 'not-checked', why }
}

function whyNone(changes: readonly FileChange[]): string {
  return changes.some(({ path }) => canMutate(path))
    ? 'The changed lines have nothing to break: no comparison, condition, returned value or number.'
    : 'Only JavaScript and TypeScript can be broken this way.'
}
