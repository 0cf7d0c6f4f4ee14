import { createContext } from 'react'
import type { FileTarget } from './targets'

/** How text in the conversation reaches the open project. Without a provider no path is a link. */
export interface ProjectLinks {
  has(path: string): boolean
  open(target: FileTarget): void
}

export const ProjectLinksContext = createContext<ProjectLinks>({ has: () => false, open: () => {} })
