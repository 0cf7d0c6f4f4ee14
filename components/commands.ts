import { assert } from '@/lib/base'
import type { Session } from '@/lib/session/types'
import { attemptCount, describeAttempts, nextAttemptCount } from './agent/candidates/attempt-count'
import { replayOf } from './agent/replay/replay'
import { showReview } from './review/open-review'
import {
  currentPlace,
  goToChange,
  isSomethingThere,
  judgeCurrent,
  keepAll,
  takeBack,
  undoAll,
} from './review/review-actions'
import { saveBlob } from './save-blob'
import { chooseTheme, type Theme, themeStore } from './theme'
import type { ToastMessage } from './ui/toast'
import { getStanding } from './use-standing'
import type { Workbench } from './workbench/workbench'

export interface CommandContext {
  session: Session
  workbench: Workbench
  toast: (message: ToastMessage) => void
}

export interface Command {
  id: string
  title: string
  group: 'Go' | 'File' | 'Edit' | 'View' | 'Run' | 'Agent' | 'Review' | 'Project'
  /** `Mod` is Ctrl, and Cmd on a Mac. */
  keys?: string
  /** Left out of the palette and deaf to its keys when false. */
  available?: (context: CommandContext) => boolean
  /** Deaf to its keys when false, for keys that mean something else elsewhere. */
  hearsKeys?: () => boolean
  run: (context: CommandContext) => unknown
}

const canChange = ({ session }: CommandContext) => getStanding(session) === null
const canJudge = (context: CommandContext) => canChange(context) && hasChanges(context)
const hasChanges = ({ session }: CommandContext) => session.review.state.getState().files.length > 0
/** In the review pane, and not while writing there. */
const isInReview = () => {
  const at = document.activeElement
  return at?.closest('[data-review-pane]') != null && !at.matches('textarea, input')
}
const hasFile = ({ workbench }: CommandContext) => workbench.state.getState().tabs.active !== null
const hasEditor = ({ workbench }: CommandContext) => workbench.editor.current !== null

const editorAction = (actionId: string) => ({
  available: hasEditor,
  run: ({ workbench }: CommandContext) => workbench.editor.current?.act(actionId),
})

const themeOrder: readonly Theme[] = ['paper', 'ink', 'contrast']

const registry = [
  {
    id: 'go.file',
    title: 'Go to file…',
    group: 'Go',
    keys: 'Mod+P',
    run: ({ workbench }) => workbench.setOverlay('quick-open'),
  },
  {
    id: 'go.command',
    title: 'Show all commands…',
    group: 'Go',
    keys: 'Mod+Shift+P',
    run: ({ workbench }) => workbench.setOverlay('commands'),
  },
  {
    id: 'go.search',
    title: 'Search in files',
    group: 'Go',
    keys: 'Mod+Shift+F',
    run: ({ workbench }) => workbench.showSide('search'),
  },
  {
    id: 'go.next-problem',
    title: 'Go to next problem',
    group: 'Go',
    keys: 'F8',
    run: (context) => goToProblem(context, 1),
  },
  {
    id: 'go.previous-problem',
    title: 'Go to previous problem',
    group: 'Go',
    keys: 'Shift+F8',
    run: (context) => goToProblem(context, -1),
  },
  { id: 'go.definition', title: 'Go to definition', group: 'Go', ...editorAction('editor.action.revealDefinition') },
  {
    id: 'go.symbol',
    title: 'Go to symbol in file…',
    group: 'Go',
    keys: 'Mod+Shift+O',
    ...editorAction('editor.action.quickOutline'),
  },
  {
    id: 'go.next-tab',
    title: 'Next open file',
    group: 'Go',
    keys: 'Alt+PageDown',
    available: hasFile,
    run: ({ workbench }) => workbench.nextFile(1),
  },
  {
    id: 'go.previous-tab',
    title: 'Previous open file',
    group: 'Go',
    keys: 'Alt+PageUp',
    available: hasFile,
    run: ({ workbench }) => workbench.nextFile(-1),
  },
  {
    id: 'file.close',
    title: 'Close file',
    group: 'File',
    keys: 'Alt+W',
    available: hasFile,
    run: ({ workbench }) => {
      const { active } = workbench.state.getState().tabs
      if (active !== null) workbench.closeFile(active)
    },
  },
  {
    id: 'edit.format',
    title: 'Format document',
    group: 'Edit',
    keys: 'Shift+Alt+F',
    ...editorAction('editor.action.formatDocument'),
  },
  { id: 'edit.rename-symbol', title: 'Rename symbol', group: 'Edit', ...editorAction('editor.action.rename') },
  { id: 'edit.find', title: 'Find in file', group: 'Edit', ...editorAction('actions.find') },
  {
    id: 'edit.save',
    title: 'Save',
    group: 'Edit',
    keys: 'Mod+S',
    run: ({ toast }) => toast({ text: 'Everything is saved as you type.' }),
  },
  {
    id: 'file.new',
    title: 'New file…',
    group: 'File',
    available: canChange,
    run: ({ workbench }) => workbench.create('file'),
  },
  {
    id: 'file.newFolder',
    title: 'New folder…',
    group: 'File',
    available: canChange,
    run: ({ workbench }) => workbench.create('folder'),
  },
  {
    id: 'view.tree',
    title: 'Show or hide the files',
    group: 'View',
    keys: 'Mod+B',
    run: ({ workbench }) => workbench.toggle('side'),
  },
  {
    id: 'view.panel',
    title: 'Show or hide the panel',
    group: 'View',
    keys: 'Mod+J',
    run: ({ workbench }) => workbench.toggle('panel'),
  },
  {
    id: 'view.agent',
    title: 'Show or hide the agent',
    group: 'View',
    keys: 'Mod+Alt+B',
    run: ({ workbench }) => workbench.toggle('agent'),
  },
  {
    id: 'view.terminal',
    title: 'Show the terminal',
    group: 'View',
    keys: 'Ctrl+`',
    run: ({ workbench }) => {
      workbench.showPanel('terminal')
      requestAnimationFrame(() => document.querySelector<HTMLTextAreaElement>('[data-terminal] textarea')?.focus())
    },
  },
  { id: 'view.tests', title: 'Show the tests', group: 'View', run: ({ workbench }) => workbench.showPanel('tests') },
  {
    id: 'view.problems',
    title: 'Show the problems',
    group: 'View',
    keys: 'Mod+Shift+M',
    run: ({ workbench }) => workbench.showPanel('problems'),
  },
  {
    id: 'view.preview',
    title: 'Show or hide the preview',
    group: 'View',
    keys: 'Mod+Shift+V',
    run: ({ session, workbench }) => {
      const show = !workbench.state.getState().shown.preview
      workbench.setShown('preview', show)
      if (show && getStanding(session) !== 'restricted') session.preview.open()
    },
  },
  {
    id: 'view.theme',
    title: 'Switch theme',
    group: 'View',
    run: () =>
      chooseTheme(themeOrder[(themeOrder.indexOf(themeStore.getState().theme) + 1) % themeOrder.length] ?? 'paper'),
  },
  {
    id: 'run.tests',
    title: 'Run all tests',
    group: 'Run',
    keys: 'Mod+Shift+T',
    available: canChange,
    run: ({ session, workbench, toast }) => {
      workbench.showPanel('tests')
      return session.runtime
        .test()
        .catch((error: unknown) => toast({ text: `The tests could not run. ${String(error)}`, tone: 'bad' }))
    },
  },
  {
    id: 'run.coverage',
    title: 'Run all tests with coverage',
    group: 'Run',
    available: canChange,
    run: ({ session, workbench, toast }) => {
      session.tests.setState({ coverage: true })
      workbench.showPanel('tests')
      return session.runtime
        .test()
        .catch((error: unknown) => toast({ text: `The tests could not run. ${String(error)}`, tone: 'bad' }))
    },
  },
  {
    id: 'run.restart',
    title: 'Restart the sandbox',
    group: 'Run',
    available: canChange,
    run: ({ session, toast }) =>
      session.runtime
        .restart()
        .catch((error: unknown) => toast({ text: `The sandbox did not start. ${String(error)}`, tone: 'bad' })),
  },
  {
    id: 'agent.focus',
    title: 'Write to the agent',
    group: 'Agent',
    keys: 'Mod+I',
    run: ({ workbench }) => focusComposer(workbench),
  },
  {
    id: 'agent.stop',
    title: 'Stop the agent',
    group: 'Agent',
    available: ({ session }) => session.agent.state.getState().running,
    run: ({ session }) => session.agent.stop(),
  },
  {
    id: 'agent.attempts',
    title: 'Change the number of attempts (1×, 2×, 4×, 8×)',
    group: 'Agent',
    available: canChange,
    run: ({ session, toast }) => {
      const store = attemptCount(session)
      store.setState(({ count }) => ({ count: nextAttemptCount(count) }))
      toast({ text: describeAttempts(store.getState().count) })
    },
  },
  {
    id: 'agent.attach-selection',
    title: 'Attach the selected lines to the message',
    group: 'Agent',
    available: (context) => canChange(context) && context.session.view.getState().selection !== null,
    run({ session, workbench }) {
      const { selection } = session.view.getState()
      if (selection !== null) workbench.attach({ kind: 'file', ...selection })
      focusComposer(workbench)
    },
  },
  {
    id: 'agent.inspect',
    title: 'Inspect the context of the next request',
    group: 'Agent',
    run: ({ workbench }) => workbench.setOverlay('inspector'),
  },
  {
    id: 'agent.connect-model',
    title: 'Connect a model, or use your own key…',
    group: 'Agent',
    run: ({ workbench }) => workbench.setOverlay('connect'),
  },
  {
    id: 'agent.limits',
    title: 'Limits of turns and conversations…',
    group: 'Agent',
    run: ({ workbench }) => workbench.setOverlay('limits'),
  },
  {
    id: 'agent.tool-servers',
    title: 'Tools from servers (MCP): add, switch on and off…',
    group: 'Agent',
    run: ({ workbench }) => workbench.setOverlay('tool-servers'),
  },
  {
    id: 'agent.new-thread',
    title: 'New conversation',
    group: 'Agent',
    available: canChange,
    run: ({ session }) => session.agent.newThread(),
  },
  {
    id: 'agent.threads',
    title: 'Conversations…',
    group: 'Agent',
    run: ({ workbench }) => workbench.setOverlay('threads'),
  },
  {
    id: 'agent.replay',
    title: 'Replay the conversation',
    group: 'Agent',
    available: ({ session }) => {
      const { events, running } = session.agent.state.getState()
      return events.length > 0 && !running
    },
    run({ session, workbench }) {
      workbench.setShown('agent', true)
      workbench.showNarrow('agent')
      replayOf(session).setState({ position: 0, playing: true })
    },
  },
  {
    id: 'review.next',
    title: 'Go to next change of the agent',
    group: 'Review',
    keys: 'F7',
    available: isSomethingThere,
    run: (context) => goToChange(context, 1),
  },
  {
    id: 'review.previous',
    title: 'Go to previous change of the agent',
    group: 'Review',
    keys: 'Shift+F7',
    available: hasChanges,
    run: (context) => goToChange(context, -1),
  },
  {
    id: 'review.keep',
    title: 'Keep this change of the agent',
    group: 'Review',
    keys: 'Mod+Enter',
    hearsKeys: isInReview,
    available: (context) => canJudge(context) && currentPlace(context) !== null,
    run: (context) => judgeCurrent(context, 'keep'),
  },
  {
    id: 'review.undo',
    title: 'Undo this change of the agent',
    group: 'Review',
    keys: 'Mod+Backspace',
    hearsKeys: isInReview,
    available: (context) => canJudge(context) && currentPlace(context) !== null,
    run: (context) => judgeCurrent(context, 'undo'),
  },
  {
    id: 'review.take-back',
    title: 'Take back the last keep or undo',
    group: 'Review',
    keys: 'Mod+Z',
    hearsKeys: isInReview,
    available: (context) => canChange(context) && context.session.review.state.getState().last !== null,
    run: takeBack,
  },
  {
    id: 'review.keep-all',
    title: 'Keep all changes of the agent',
    group: 'Review',
    available: canJudge,
    run: keepAll,
  },
  {
    id: 'review.undo-all',
    title: 'Undo all changes of the agent',
    group: 'Review',
    available: canJudge,
    run: undoAll,
  },
  {
    id: 'review.run',
    title: 'Have the changes reviewed',
    group: 'Review',
    available: canChange,
    run({ session }) {
      showReview('findings')
      return session.reviewer.start()
    },
  },
  { id: 'review.compare', title: 'Compare checkpoints…', group: 'Review', run: () => showReview('compare') },
  {
    id: 'review.paths',
    title: 'Files that need your review…',
    group: 'Review',
    run: ({ workbench }) => workbench.setOverlay('review-paths'),
  },
  {
    id: 'project.undo',
    title: 'Undo the last change of files',
    group: 'Project',
    available: canChange,
    run: ({ session, toast }) =>
      !session.history.undo() &&
      toast({
        text: session.history.state.getState().refused ?? 'There is nothing to undo since the page was loaded.',
      }),
  },
  {
    id: 'project.redo',
    title: 'Redo the last change of files',
    group: 'Project',
    available: canChange,
    run: ({ session, toast }) =>
      !session.history.redo() &&
      toast({
        text: session.history.state.getState().refused ?? 'There is nothing to redo since the page was loaded.',
      }),
  },
  { id: 'project.share', title: 'Share…', group: 'Project', run: ({ workbench }) => workbench.setOverlay('share') },
  {
    id: 'project.download',
    title: 'Download as .zip',
    group: 'Project',
    run: ({ session }) => downloadProject(session),
  },
  { id: 'project.home', title: 'All projects', group: 'Project', run: () => location.assign('/') },
] as const satisfies readonly Command[]

export type CommandId = (typeof registry)[number]['id']

/** Every command of the workbench; the palette, the menus and the keys read this one list. */
export const commands: readonly (Command & { id: CommandId })[] = registry

export function commandById(id: CommandId): Command {
  const command = commands.find((candidate) => candidate.id === id)
  assert(command, `there is a command ${id}`)
  return command
}

export function isAvailable(command: Command, context: CommandContext): boolean {
  return command.available?.(context) ?? true
}

function focusComposer(workbench: Workbench) {
  workbench.setShown('agent', true)
  workbench.showNarrow('agent')
  requestAnimationFrame(() =>
    document.querySelector<HTMLTextAreaElement>('[data-composer] textarea, textarea[data-composer]')?.focus(),
  )
}

/** The next problem after the cursor, in file order, around the ends. */
function goToProblem({ session, workbench, toast }: CommandContext, step: 1 | -1) {
  const { diagnostics } = session.problems.getState()
  if (diagnostics.length === 0) return toast({ text: 'There are no problems.' })
  const sorted = [...diagnostics].sort((a, b) => a.path.localeCompare(b.path) || a.line - b.line || a.column - b.column)
  const path = workbench.state.getState().tabs.active ?? ''
  const place = workbench.editor.current?.place() ?? { line: 0, column: 0 }
  const isAfter = (problem: (typeof sorted)[number]) =>
    (problem.path.localeCompare(path) || problem.line - place.line || problem.column - (place.column ?? 0)) > 0
  const after = sorted.findIndex(isAfter)
  const isHere = sorted.findIndex(
    (problem) => problem.path === path && problem.line === place.line && problem.column === place.column,
  )
  const index =
    step === 1 ? (after === -1 ? 0 : after) : (isHere !== -1 ? isHere : after === -1 ? sorted.length : after) - 1
  const target = sorted.at(index)
  if (target) workbench.openFile(target.path, { place: { line: target.line, column: target.column } })
}

export async function downloadProject(session: Session) {
  saveBlob(
    await session.download(),
    `${session.project.getState().meta.name.replace(/[^\w-]+/g, '-') || 'project'}.zip`,
  )
}
