import { type Command, type CommandContext, hasFile } from './command'
import { editorAction } from './editor-action'

export const goCommands = [
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
] as const satisfies readonly Command[]

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
