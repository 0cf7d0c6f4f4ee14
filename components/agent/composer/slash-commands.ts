import { type CommandContext, isAvailable } from '@/components/commands/command'
import { commandById } from '@/components/commands/commands'
import { showCompare, showDiff, showReview } from '@/components/review/open-review'
import { VitrineError } from '@/lib/base'
import type { Session, ThreadFormat } from '@/lib/session/types'
import { chooseModel } from '../model/choose-model'
import { exportThread } from '../threads/export-thread'
import { runCandidates } from './candidates-command'
import { say } from './say'

export interface SlashCommand {
  name: string
  hint: string
  /** What may follow the name; it is required where it has no brackets. */
  argument?: string
  /** Resolves when it was done; rejects with a sentence. */
  run(context: CommandContext, argument: string): unknown
}

const formats: readonly ThreadFormat[] = ['markdown', 'json', 'cassette']

/** What a message that begins with `/` does instead of being sent. */
export const slashCommands: readonly SlashCommand[] = [
  {
    name: 'plan',
    hint: 'Work out a plan; nothing is changed',
    argument: 'task',
    run: ({ session }, task) => say(session, task, { mode: 'plan' }),
  },
  {
    name: 'ask',
    hint: 'Ask about the project; nothing is changed',
    argument: 'question',
    run: ({ session }, question) => say(session, question, { mode: 'ask' }),
  },
  {
    name: 'candidates',
    hint: 'Several attempts at a task, side by side; the tests choose',
    argument: '[number] [task]',
    run: runCandidates,
  },
  {
    name: 'explain',
    hint: 'Why the last change was made as it was',
    async run({ session }) {
      const { lastChange } = await import('@/lib/agent/view/last-change')
      const change = lastChange(session.agent.state.getState().events)
      if (!change) throw new VitrineError('invalid_request', 'Nothing has been changed in this conversation yet.')
      const question =
        'Explain your last change, whose record is attached: what caused the problem, why you changed what you did and nothing else, what you considered and left, and what the checks say. Refer to path:line. Where the record gives no reason, say so.'
      await say(session, question, { mode: 'ask', attachments: [{ kind: 'record', ...change }] })
    },
  },
  {
    name: 'init',
    hint: 'Write an AGENTS.md for this project',
    run: ({ session }) =>
      say(
        session,
        'Look at this project and write AGENTS.md at its root for coding agents: what the project is, how it is laid out, the commands to run and test it, its conventions as the code shows them, and pitfalls. At most 60 lines, only what you have seen. If there is one, improve it.',
      ),
  },
  { name: 'undo', hint: 'Take back the last turn: files and conversation', run: undoLastTurn },
  {
    name: 'diff',
    hint: 'Show what the agent changed; with “checkpoints”, compare any two states',
    argument: '[checkpoints]',
    run({ session, workbench }, what) {
      const [first] = session.review.state.getState().files
      if (what === '' && first) showDiff(first.path)
      else showCompare(what === '' ? (checkpointBeforeLastTurn(session) ?? null) : null)
      workbench.showNarrow('editor')
    },
  },
  {
    name: 'review',
    hint: 'Have the changes looked at by a reviewer that can only read',
    argument: '[all]',
    async run({ session, workbench }, scope) {
      showReview('findings')
      workbench.showNarrow('editor')
      await session.reviewer.start(scope === 'all' ? 'project' : undefined)
    },
  },
  { name: 'tests', hint: 'Run all tests', run: (context) => commandById('run.tests').run(context) },
  {
    name: 'model',
    hint: 'Choose the model, and how hard it thinks',
    argument: 'name, effort',
    run: ({ session, toast }, argument) => toast({ text: chooseModel(session.agent, argument) }),
  },
  {
    name: 'limits',
    hint: 'What a turn and this conversation may use',
    run: ({ workbench }) => workbench.setOverlay('limits'),
  },
  {
    name: 'status',
    hint: 'What the next request holds, tokens and cost, the cache',
    run: ({ workbench }) => workbench.setOverlay('inspector'),
  },
  {
    name: 'compact',
    hint: 'Leave older steps to a summary, to make room',
    run: ({ session }) => session.agent.compact(),
  },
  { name: 'new', hint: 'Begin a new conversation', run: ({ session }) => session.agent.newThread() },
  {
    name: 'fork',
    hint: 'Go on in a copy of this conversation',
    async run({ session, toast }) {
      await session.threads.fork()
      toast({ text: 'This is a copy now. The first conversation is kept under Conversations.' })
    },
  },
  {
    name: 'threads',
    hint: 'All conversations of this project',
    run: ({ workbench }) => workbench.setOverlay('threads'),
  },
  {
    name: 'servers',
    hint: 'Tools from servers (MCP): add, switch on and off',
    run: ({ workbench }) => workbench.setOverlay('tool-servers'),
  },
  {
    name: 'replay',
    hint: 'Go through this conversation step by step',
    run(context) {
      const command = commandById('agent.replay')
      if (!isAvailable(command, context)) throw new VitrineError('invalid_request', 'There is nothing to replay yet.')
      return command.run(context)
    },
  },
  {
    name: 'export',
    hint: 'Save this conversation as a file',
    argument: '[markdown, json or cassette]',
    async run({ session, toast }, format) {
      const { id } = session.agent.state.getState()
      const thread = session.threads.state.getState().list.find((each) => each.id === id)
      if (!thread) throw new VitrineError('invalid_request', 'This conversation has no messages yet.')
      const note = await exportThread(session.threads, thread, formats.find((known) => known === format) ?? 'markdown')
      if (note !== null) toast({ text: note })
    },
  },
]

/** `/name argument`; null when the text is an ordinary message. A name alone was meant as a command, known or not. */
export function parseSlash(text: string): { command: SlashCommand; argument: string } | null {
  const [, name, argument] = /^\/([a-z]+)(?:\s+([\s\S]*))?$/.exec(text.trim()) ?? []
  if (name === undefined) return null
  const command = slashCommands.find((each) => each.name === name) ?? (argument ? null : unknownCommand(name))
  return command && { command, argument: argument?.trim() ?? '' }
}

const unknownCommand = (name: string): SlashCommand => ({
  name,
  hint: '',
  async run() {
    throw new VitrineError('invalid_request', `There is no command /${name}. Type / to see them all.`)
  },
})

/** Those that the text may become; none once the name is written and something follows. */
export function matchSlash(text: string): readonly SlashCommand[] {
  const [, begun] = /^\/([a-z]*)$/.exec(text) ?? []
  return begun === undefined ? [] : slashCommands.filter(({ name }) => name.startsWith(begun))
}

/** Runs a command; says what is missing when its argument is. */
export async function runSlash(
  { command, argument }: { command: SlashCommand; argument: string },
  context: CommandContext,
): Promise<void> {
  const isRequired = command.argument !== undefined && !command.argument.startsWith('[')
  if (isRequired && argument === '') {
    throw new VitrineError('invalid_request', `Write /${command.name} and then the ${command.argument}.`)
  }
  await command.run(context, argument)
}

async function undoLastTurn({ session, toast }: CommandContext): Promise<void> {
  const checkpoint = checkpointBeforeLastTurn(session)
  if (checkpoint === undefined) throw new VitrineError('invalid_request', 'There is no turn to take back.')
  await session.checkpoints.restore(checkpoint)
  toast({ text: 'The last turn is taken back. The state before that is a checkpoint, so this can be undone too.' })
}

function checkpointBeforeLastTurn({ agent }: Session): string | undefined {
  const { events } = agent.state.getState()
  const start = events.findLast((event) => event.type === 'turn-start')
  const saved = events.find((event) => event.type === 'checkpoint' && event.turnId === start?.turnId)
  return saved?.type === 'checkpoint' ? saved.checkpointId : undefined
}
