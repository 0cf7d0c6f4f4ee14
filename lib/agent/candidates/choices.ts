import { VitrineError } from '@/lib/base'
import type { CandidateChoice, CandidateQuestion, RaceArrangement } from '../types'

/** The question which attempt to take, while it is open. One turn runs at a time, so there is one at most. */
export function createChoices(show: (question: CandidateQuestion | null) => void): {
  ask: RaceArrangement['choose']
  answer(choice: CandidateChoice): void
} {
  let open: { question: CandidateQuestion; resolve: (choice: CandidateChoice) => void } | null = null
  const close = () => {
    open = null
    show(null)
  }
  return {
    ask: (question, signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted()
        const onAbort = () => {
          close()
          reject(signal.reason)
        }
        signal.addEventListener('abort', onAbort, { once: true })
        open = {
          question,
          resolve(choice) {
            signal.removeEventListener('abort', onAbort)
            close()
            resolve(choice)
          },
        }
        show(question)
      }),
    answer(choice) {
      if (open === null) throw new VitrineError('not_found', 'There are no attempts to choose from now.')
      const problem = problemWith(choice, open.question)
      if (problem !== null) throw new VitrineError('invalid_request', problem, { param: 'index' })
      open.resolve(choice)
    },
  }
}

function problemWith(choice: CandidateChoice, { ranking, canRunAgain }: CandidateQuestion): string | null {
  if (choice.kind === 'again') return canRunAgain ? null : 'All attempts have come to their end.'
  const missing = [choice, ...choice.files].find(({ index }) => !ranking.includes(index))
  if (!missing) return null
  return `Attempt ${missing.index + 1} has nothing to take; there are ${ranking.map((index) => index + 1).join(', ')}.`
}
