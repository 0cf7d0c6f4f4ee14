import type { Template } from './types'

export const empty: Template = {
  name: 'empty',
  title: 'Empty',
  description: 'A blank page. Bring your own files or ask the agent for some.',
  icon: 'file',
  openFile: 'README.md',
  files: { 'README.md': '# New project\n' },
}
