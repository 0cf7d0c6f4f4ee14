import type { CommandContext } from '@/components/commands/command'
import { VitrineError } from '@/lib/base'
import { attemptCount, attemptCounts, describeAttempts, maxAttempts } from '../candidates/attempt-count'
import { say } from './say'

/** `4 the task` sends it with so many attempts, `4` sets the number for what comes, nothing opens the list of numbers. */
export function runCandidates({ session, toast }: CommandContext, argument: string): unknown {
  const store = attemptCount(session)
  if (argument === '') return store.setState({ isChoosing: true })
  const [, digits, task = ''] = /^(\d+)(?:\s+([\s\S]*))?$/.exec(argument) ?? []
  const count = Number(digits)
  if (digits === undefined || count < 1 || count > maxAttempts) {
    throw refuse(`Write /candidates, a number from 1 to ${maxAttempts} and then the task.`)
  }
  if (task !== '') return say(session, task, { candidates: count })
  const offered = attemptCounts.find((each) => each === count)
  if (offered === undefined) {
    throw refuse(
      `For all messages it is ${attemptCounts.join(', ')}. Write a task behind ${count} to have so many once.`,
    )
  }
  store.setState({ count: offered })
  return toast({ text: describeAttempts(offered) })
}

function refuse(message: string): VitrineError {
  return new VitrineError('invalid_request', message)
}
