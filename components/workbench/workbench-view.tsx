'use client'
import type { Session } from '@/lib/session/types'
import { SessionProvider } from '../session-context'
import { WorkbenchProvider } from '../workbench-context'
import { WorkbenchLayout } from './workbench-layout'

/** An open project, from the title bar to the status bar. */
export function WorkbenchView({ session }: { session: Session }) {
  return (
    <SessionProvider session={session}>
      <WorkbenchProvider>
        <WorkbenchLayout />
      </WorkbenchProvider>
    </SessionProvider>
  )
}
