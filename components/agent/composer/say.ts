import type { Session } from '@/lib/session/types'

type Options = NonNullable<Parameters<Session['agent']['enqueue']>[1]>

/** A message of its own: in its own mode, so it does not join a running turn but waits until that is done. */
export function say({ agent }: Session, text: string, options: Options = {}): Promise<unknown> {
  return agent.state.getState().running ? agent.enqueue(text, options) : agent.send(text, options)
}
