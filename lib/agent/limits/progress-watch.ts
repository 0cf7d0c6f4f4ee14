import type { ToolResult, TurnResult, Verification } from '../events'

type TurnError = NonNullable<TurnResult['error']>

/** The same call with the same result in this many steps in a row ends the turn. */
export const maxSameCalls = 3
/** Steps that take turns, A B A B A B, end it too. */
const alternatingSteps = 6
/** So many changes in a row after which the very same checks fail. */
const maxSameFailures = 4

/** Asks again and again because it has to wait, not because it is lost. */
const waitingTools = new Set(['write_stdin'])

/** Notices when a turn goes round in circles. Knows only this turn. */
export interface ProgressWatch {
  /** In how many steps in a row this call gave this result, this step included. */
  note(tool: string, input: string, result: ToolResult): number
  /** The step is over; why going on makes no sense, if so. */
  endStep(): TurnError | null
  /** The user said something: what was in vain before may not be any more. */
  reset(): void
}

export function createProgressWatch(): ProgressWatch {
  let before = new Map<string, number>()
  let now = new Map<string, number>()
  let steps: string[] = []
  let failures = ''
  let sameFailures = 0

  const noteFailures = (verification: Verification) => {
    const found = failuresOf(verification)
    sameFailures = found !== '' && found === failures ? sameFailures + 1 : found === '' ? 0 : 1
    failures = found
  }

  return {
    note(tool, input, result) {
      const key = `${tool}\n${input}\n${withoutTimes(result.output)}\n${result.image ?? ''}`
      const count = (before.get(key) ?? 0) + 1
      if (!waitingTools.has(tool)) now.set(key, count)
      if (result.changes?.length && result.verification) noteFailures(result.verification)
      return waitingTools.has(tool) ? 1 : count
    },
    endStep() {
      const isRepeating = [...now.values()].some((count) => count >= maxSameCalls)
      if (now.size > 0) steps = [...steps, [...now.keys()].sort().join('\n')].slice(-alternatingSteps)
      before = now
      now = new Map()
      if (isRepeating) return repeatedCalls
      if (alternates(steps)) return alternatingCalls
      return sameFailures >= maxSameFailures ? noProgress : null
    },
    reset() {
      before = new Map()
      steps = []
      sameFailures = 0
    },
  }
}

/** What the model is told with a result that it has seen before; empty the first time. */
export function repetitionNote(count: number): string {
  if (count < 2) return ''
  const times = count === 2 ? 'twice' : `${count} times`
  return `\n\nnote: this call was made ${times} in a row with the same result. Repeating it will not help: change the approach, or say what stands in the way.`
}

/** The result as the tool gave it. */
export function withoutRepetitionNote(output: string): string {
  return output.replace(/\n\nnote: this call was made (twice|\d+ times) in a row with the same result\.[^\n]*$/, '')
}

function alternates(steps: readonly string[]): boolean {
  if (steps.length < alternatingSteps || steps[0] === steps[1]) return false
  return steps.every((step, index) => step === steps[index % 2])
}

/** Which checks fail, without the words that change from run to run. */
function failuresOf({ tests, types }: Verification): string {
  const suites = tests?.suites ?? []
  const failed = suites.flatMap(({ file, error, tests: cases }) => [
    ...(error === undefined ? [] : [file]),
    ...cases.filter(({ status }) => status === 'failed').map(({ name }) => `${file} ${name}`),
  ])
  const errors = (types?.errors ?? []).map(({ path, message }) => `${path} ${message}`)
  return [...failed, ...errors].sort().join('\n')
}

function withoutTimes(output: string): string {
  return output.replace(/\d+(\.\d+)? ?m?s\b/g, '')
}

const changeCourse = 'Tell it what to do differently, or take the change back.'

const repeatedCalls: TurnError = {
  code: 'repeated_calls',
  message: `The agent made the same call ${maxSameCalls} times and got the same answer each time.`,
  action: changeCourse,
}
const alternatingCalls: TurnError = {
  code: 'repeated_calls',
  message: 'The agent went to and fro between the same two steps.',
  action: changeCourse,
}
const noProgress: TurnError = {
  code: 'no_progress',
  message: `After ${maxSameFailures} changes the same checks fail as before.`,
  action: changeCourse,
}
