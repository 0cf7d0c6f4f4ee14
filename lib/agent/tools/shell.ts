import * as z from 'zod'
import type { ToolContext } from '../types'
import type { CommandSessions } from './command-session'
import { followCommand } from './follow-command'
import { jsonTool } from './json-tool'
import { toProjectPath } from './paths'

const defaultTimeoutMs = 60_000
const maxWaitMs = 600_000
/** Commands that show what is in the files they name. */
const showing = /(?:^|[;&|])\s*(?:cat|head|tail|nl|sed -n|git (?:diff|show))\s/

export const createShell = (sessions: CommandSessions) =>
  jsonTool({
    name: 'shell',
    description: `Runs one command line in the project and returns exit code and output. It is killed after timeout_ms (${defaultTimeoutMs} unless given). With yield_time_ms the call returns after that time and leaves the program running as a session for write_stdin.`,
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
    effect: ({ command, workdir = '' }) => ({ kind: 'command', command, cwd: workdir }),
    async execute({ command, workdir = '', timeout_ms, yield_time_ms }, context) {
      const cwd = toProjectPath(workdir)
      if (cwd === null) {
        return { ok: false, output: `workdir ${workdir} is outside the project.`, summary: 'outside the project' }
      }
      const sandbox = await context.sandbox()
      await context.synced()
      // A program that may go on is ended by the model or the user, not by a clock, unless the model sets one.
      const timeoutMs = timeout_ms ?? (yield_time_ms === undefined ? defaultTimeoutMs : undefined)
      const begin = async () =>
        sessions.open(
          await sandbox.spawn(command, {
            cwd,
            ...(timeoutMs === undefined ? {} : { timeoutMs }),
            // Nobody can write to what is not left as a session.
            ...(yield_time_ms === undefined && { stdin: '' }),
          }),
        )
      const waitMs = Math.min(yield_time_ms ?? maxWaitMs, maxWaitMs)
      const result = await followCommand({ sessions, begin, waitMs }, context)
      if (result.ok && showing.test(command)) noteNamed(command, context)
      return result
    },
  })

function noteNamed(command: string, { workspace, seen }: ToolContext) {
  const named = [...workspace.files.keys()].filter((path) => command.includes(path))
  seen.noteAll(named, workspace.files)
}
