'use client'

import { useContext } from 'react'
import { ProjectLinksContext } from '../markdown/project-links'

/** `src/x.ts:12`, which opens the editor there. */
export function Place({ file, line, column }: { file: string; line: number; column: number }) {
  const project = useContext(ProjectLinksContext)
  const label = `${file}:${line}`
  if (!project.has(file)) return <code>{label}</code>
  return (
    <button type="button" className="agent-file-link" onClick={() => project.open({ path: file, line, column })}>
      <code>{label}</code>
    </button>
  )
}
