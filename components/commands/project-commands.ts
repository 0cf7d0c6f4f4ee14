import type { Session } from '@/lib/session/types'
import { saveBlob } from '../save-blob'
import { type Command, canChange } from './command'

export const projectCommands = [
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

async function downloadProject(session: Session) {
  saveBlob(
    await session.download(),
    `${session.project.getState().meta.name.replace(/[^\w-]+/g, '-') || 'project'}.zip`,
  )
}
