import { chooseTheme, type Theme, themeStore } from '../theme'
import { getStanding } from '../use-standing'
import type { Command } from './command'

const themeOrder: readonly Theme[] = ['paper', 'ink', 'contrast']

export const viewCommands = [
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
] as const satisfies readonly Command[]
