import * as z from 'zod'
import type { ToolResult } from '../events'
import { truncateOutput } from '../truncate'
import type { Tool, ToolContext } from '../types'
import { withVerification } from '../with-verification'
import { watchWrites } from '../written-files'
import type { CommandSession, CommandSessions } from './command-session'
import { jsonTool } from './json-tool'
import { createLiveOutput } from './live-output'
import { toProjectPath } from './paths'

const defaultTimeoutMs = 60_000
const maxWaitMs = 600_000
/** How long `write_stdin` waits for an answer, and for anything at all when it writes nothing. */
const answerWaitMs = 1000
const pollWaitMs = 30_000

export function createShell(sessions: CommandSessions): Tool[] {
  return [shell(sessions), writeStdin(sessions)]
}

const shell = (sessions: CommandSessions) =>
  jsonTool({
    name: 'shell',
    description:
      'Runs one command line in the project and returns exit code and output. It is killed after timeout_ms (60000 unless given). With yield_time_ms the call returns after that time and leaves the program running as a session for write_stdin.',
    arguments: z.object({
      command: z.string().min(1),
      workdir: z.string().optional().describe('relative to the project'),
      timeout_ms: z.number().positive().optional(),
      yield_time_ms: z.number().min(0).optional(),
    }),
    parallel: true,
    describe: ({ command, workdir }) => ({
      title: `Run ${command}`,
      detail: workdir ? `in ${workdir}: ${command}` : command,
    }),
    effect: ({ command }) => ({ kind: 'command', command }),
    async execute({ command, workdir = '', timeout_ms, yield_time_ms }, context) {
      const cwd = toProjectPath(workdir)
      if (cwd === null)
        return { ok: false, output: `workdir ${workdir} is outside the project.`, summary: 'outside the project' }
      const sandbox = await context.sandbox()
      await context.synced()
      const writes = watchWrites(context.workspace)
      const timeoutMs = timeout_ms ?? (yield_time_ms === undefined ? defaultTimeoutMs : undefined)
      try {
        const child = await sandbox.spawn(command, { cwd, ...(timeoutMs === undefined ? {} : { timeoutMs }) })
        if (yield_time_ms === undefined) child.closeStdin()
        const session = sessions.open(child)
        const result = await follow(session, Math.min(yield_time_ms ?? maxWaitMs, maxWaitMs), context)
        return withVerification(result, writes.changes(), context)
      } finally {
        writes.dispose()
      }
    },
  })

const writeStdin = (sessions: CommandSessions) =>
  jsonTool({
    name: 'write_stdin',
    description:
      'Writes to the input of a program that shell left running (use \\n for Enter, \\u0003 for Ctrl+C) and returns its new output. With empty chars it only waits.',
    arguments: z.object({ session_id: z.number(), chars: z.string(), yield_time_ms: z.number().min(0).optional() }),
    parallel: false,
    describe: ({ session_id, chars }) => ({
      title: chars === '' ? `Wait for session ${session_id}` : `Write to session ${session_id}`,
      detail: chars,
    }),
    // The command itself passed the gate when it was started.
    effect: () => null,
    async execute({ session_id, chars, yield_time_ms }, context) {
      const session = sessions.get(session_id)
      if (!session) {
        const running = sessions.list().map(({ id, child }) => `${id} (${child.command})`)
        return {
          ok: false,
          output: `There is no session ${session_id}. Running: ${running.join(', ') || 'none'}.`,
          summary: 'no such session',
        }
      }
      if (session.exit === null && chars === '\u0003') session.child.kill('SIGINT')
      else if (session.exit === null && chars !== '') session.child.write(chars)
      const writes = watchWrites(context.workspace)
      try {
        const result = await follow(session, yield_time_ms ?? (chars === '' ? pollWaitMs : answerWaitMs), context)
        return withVerification(result, writes.changes(), context)
      } finally {
        writes.dispose()
      }
    },
  })

/** Shows a program's output until it ends or the time is up. Stop kills it. */
async function follow(
  session: CommandSession,
  waitMs: number,
  { signal, emitOutput }: ToolContext,
): Promise<ToolResult> {
  const live = createLiveOutput(emitOutput)
  const stopListening = session.onText(live.write)
  try {
    await session.wait(waitMs, signal)
  } catch (error) {
    session.child.kill('SIGKILL')
    throw error
  } finally {
    stopListening()
    live.flush()
  }
  const summary = describeState(session)
  return {
    ok: session.exit === null || session.exit.exitCode === 0,
    output: `${summary}\n${truncateOutput(session.takeOutput())}`.trimEnd(),
    summary: session.exit === null ? 'running' : summary,
  }
}

function describeState({ id, exit, startedAt }: CommandSession): string {
  const seconds = `${((performance.now() - startedAt) / 1000).toFixed(2)} s`
  if (exit === null) return `still running after ${seconds}, session ${id}`
  return exit.timedOut
    ? `timed out after ${seconds} and was killed, exit code ${exit.exitCode}`
    : `exit code ${exit.exitCode}, ${seconds}`
}
