import type { CommandContext } from './command'

const hasEditor = ({ workbench }: CommandContext) => workbench.editor.current !== null

/** One of Monaco's own actions, in the editor that was used last. */
export const editorAction = (actionId: string) => ({
  available: hasEditor,
  run: ({ workbench }: CommandContext) => workbench.editor.current?.act(actionId),
})
