import type { ToolResult } from '../events'
import { watchWrites } from '../files/written-files'
import { truncateOutput } from '../truncate'
import type { ToolContext } from '../types'
import { withVerification } from '../verify/with-verification'
import type { CommandSession, CommandSessions } from './command-session'
import { createLiveOutput } from './live-output'

interface FollowOptions {
  sessions: CommandSessions
  waitMs: number
  /** Starts the program, or writes to it; what it writes into the project from then on is verified. */
  begin: () => Promise<CommandSession>
}

/** Shows a program's output until it ends or the time is up, then checks what it changed. Stop kills it. */
export async function followCommand(
  { sessions, waitMs, begin }: FollowOptions,
  context: ToolContext,
): Promise<ToolResult> {
  const live = createLiveOutput(context.emitOutput)
  const writes = watchWrites(context.workspace)
  try {
    const session = await begin()
    const stopListening = session.onText(live.write)
    try {
      await session.wait(waitMs, context.signal)
    } catch (error) {
      session.child.kill('SIGKILL')
      throw error
    } finally {
      stopListening()
    }
    if (session.exit !== null) sessions.forget(session.id)
    return await withVerification(toResult(session), writes.changes(), context)
  } finally {
    live.flush()
    writes.dispose()
  }
}

function toResult(session: CommandSession): ToolResult {
  const state = describeState(session)
  return {
    ok: session.exit === null || session.exit.exitCode === 0,
    output: `${state}\n${truncateOutput(session.takeOutput())}`.trimEnd(),
    summary: session.exit === null ? 'running' : state,
  }
}

function describeState({ id, exit, startedAt }: CommandSession): string {
  const seconds = `${((performance.now() - startedAt) / 1000).toFixed(2)} s`
  if (exit === null) return `still running after ${seconds}, session ${id}`
  const end = `exit code ${exit.exitCode}, ${seconds}`
  return exit.timedOut ? `${end}: timed out and was killed` : end
}
