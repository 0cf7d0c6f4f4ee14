'use client'
import { createContext, type ReactNode, use, useEffect, useState } from 'react'
import { useSession } from './session-context'
import { createWorkbench, type Workbench } from './workbench/workbench'

const WorkbenchContext = createContext<Workbench | null>(null)

/** Layout and tabs for the session above it. */
export function WorkbenchProvider({ children }: { children: ReactNode }) {
  const session = useSession()
  const [workbench] = useState(() => createWorkbench(session))
  useEffect(workbench.connect, [workbench])
  return <WorkbenchContext value={workbench}>{children}</WorkbenchContext>
}

export function useWorkbench(): Workbench {
  const workbench = use(WorkbenchContext)
  if (!workbench) throw new Error('useWorkbench needs a WorkbenchProvider above it')
  return workbench
}
