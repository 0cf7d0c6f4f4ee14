import type { Sandbox, SlowerTest, TestReport } from './types'

/** Twice as long as usual and by so much is noticed; anything less is noise in a tab. */
const factor = 2
const marginMs = 100
/** Fewer runs say little of what is usual; older ones are forgotten. */
const minRuns = 3
const keptRuns = 9
/** A test that was slow so many times in a row is as it is now. */
const acceptedAfter = 3
/** When so large a share of a run's tests is slower, the machine is busy. */
const busyShare = 1 / 3

interface History {
  usual: number[]
  /** Of the last runs, in which it was slower. */
  slow: number[]
}

/** What the tests of a project usually take, learned from run to run. */
export class TestTimes {
  readonly #known = new Map<string, History>()

  /** The tests of a run that became clearly slower than they were; learns from the run. */
  compare({ suites }: TestReport): SlowerTest[] {
    const passed = suites.flatMap(({ file, tests }) =>
      tests.filter(({ status }) => status === 'passed').map(({ name, durationMs }) => ({ file, name, durationMs })),
    )
    const comparable = passed.filter((test) => this.#historyOf(test).usual.length >= minRuns)
    const slower = comparable.flatMap((test): SlowerTest[] => {
      const { usual } = this.#historyOf(test)
      const usualMs = median(usual)
      const isSlower =
        test.durationMs > factor * usualMs &&
        test.durationMs > usualMs + marginMs &&
        test.durationMs > Math.max(...usual)
      return isSlower ? [{ ...test, usualMs }] : []
    })
    const isBusy = slower.length > 1 && slower.length > comparable.length * busyShare
    const told = isBusy ? [] : slower
    for (const test of passed) {
      if (!slower.some(({ file, name }) => file === test.file && name === test.name)) this.#learn(test)
      else if (!isBusy) this.#learnSlow(test)
    }
    return told.sort((a, b) => b.durationMs - b.usualMs - (a.durationMs - a.usualMs))
  }

  #historyOf({ file, name }: { file: string; name: string }): History {
    const key = `${file}\n${name}`
    const known = this.#known.get(key) ?? { usual: [], slow: [] }
    this.#known.set(key, known)
    return known
  }

  #learn(test: Omit<SlowerTest, 'usualMs'>) {
    const history = this.#historyOf(test)
    history.usual = [...history.usual, test.durationMs].slice(-keptRuns)
    history.slow = []
  }

  #learnSlow(test: Omit<SlowerTest, 'usualMs'>) {
    const history = this.#historyOf(test)
    history.slow.push(test.durationMs)
    if (history.slow.length >= acceptedAfter) Object.assign(history, { usual: history.slow, slow: [] })
  }
}

/** The same machine, whose reports also tell which tests became slower. Counting lines costs time, so that such runs say nothing. */
export function withTestTimes(sandbox: Sandbox, times: TestTimes): Sandbox {
  return {
    ...sandbox,
    async test(options) {
      const report = await sandbox.test(options)
      const slower = options?.coverage ? [] : times.compare(report)
      return slower.length === 0 ? report : { ...report, slower }
    },
  }
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
