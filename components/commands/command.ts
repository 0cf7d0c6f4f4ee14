import type { Session } from '@/lib/session/types'
import type { ToastMessage } from '../ui/toast'
import { getStanding } from '../use-standing'
import type { Workbench } from '../workbench/workbench'

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

export function isAvailable(command: Command, context: CommandContext): boolean {
  return command.available?.(context) ?? true
}

/** For commands that change the project: not while it is only looked at. */
export const canChange = ({ session }: CommandContext) => getStanding(session) === null

export const hasFile = ({ workbench }: CommandContext) => workbench.state.getState().tabs.active !== null
