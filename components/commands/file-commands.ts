import { type Command, canChange, hasFile } from './command'
import { editorAction } from './editor-action'

export const fileCommands = [
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
] as const satisfies readonly Command[]
