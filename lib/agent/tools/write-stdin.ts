import * as z from 'zod'
import type { CommandSessions } from './command-session'
import { followCommand } from './follow-command'
import { jsonTool } from './json-tool'

/** How long to wait for an answer, and for anything at all when nothing is written. */
const answerWaitMs = 1000
const pollWaitMs = 30_000
const interrupt = '\u0003'

export const createWriteStdin = (sessions: CommandSessions) =>
  jsonTool({
    name: 'write_stdin',
    description:
      'Writes to the input of a program that shell left running (\\n for Enter, \\u0003 for Ctrl+C) and returns its new output. With empty chars it only waits.',
    arguments: z.object({ session_id: z.number(), chars: z.string(), yield_time_ms: z.number().min(0).optional() }),
    parallel: false,
    describe: ({ session_id, chars }) => ({
      title: chars === '' ? `Wait for session ${session_id}` : `Write to session ${session_id}`,
      detail: chars,
    }),
    // Input can do all that its program can, so it is judged with that program.
    effect({ session_id, chars }) {
      const session = sessions.get(session_id)
      if (!session || chars === '' || chars === interrupt) return null
      return { kind: 'command', command: session.child.command, input: chars }
    },
    async execute({ session_id, chars, yield_time_ms }, context) {
      const session = sessions.get(session_id)
      if (!session) {
        const running = sessions.list().map(({ id, child }) => `${id} (${child.command})`)
        const output = `There is no session ${session_id}. Running: ${running.join(', ') || 'none'}.`
        return { ok: false, output, summary: 'no such session' }
      }
      const begin = async () => {
        if (chars === interrupt) session.child.kill('SIGINT')
        else if (chars !== '' && session.exit === null) session.child.write(chars)
        return session
      }
      return followCommand(
        { sessions, begin, waitMs: yield_time_ms ?? (chars === '' ? pollWaitMs : answerWaitMs) },
        context,
      )
    },
  })
