import { basename, dirname, joinPath, pathProblem, plural } from '@/lib/base'
import type { Session } from '@/lib/session/types'
import type { ToastMessage } from '../ui/toast'
import type { Workbench } from '../workbench/workbench'
import { followImports } from './follow-imports'

interface Context {
  session: Session
  workbench: Workbench
  toast: (message: ToastMessage) => void
}

/** All files at or below a path. */
export function filesBelow(session: Session, path: string): string[] {
  return [...session.workspace.files.keys()].filter((file) => file === path || file.startsWith(`${path}/`))
}

/** Why an entry cannot be called this, or null. `self` is the entry's present path when it is renamed. */
export function nameProblem(session: Session, folder: string, name: string, self?: string): string | null {
  if (name.trim() === '') return 'Type a name.'
  const path = joinPath(folder, name.trim())
  const problem = path === null ? 'The name leaves the project.' : pathProblem(path)
  if (problem) return problem
  if (path === self) return null
  return path !== null && filesBelow(session, path).length > 0 ? `${basename(path)} exists already.` : null
}

export function createFile({ session, workbench }: Context, path: string) {
  session.workspace.apply([{ path, after: '' }], { origin: 'user', label: `Create ${path}` })
  workbench.openFile(path, { keep: true, place: { line: 1 } })
}

/** Moves a file, or a folder with all in it, to another path; relative imports follow. */
export function movePath({ session, workbench, toast }: Context, from: string, to: string) {
  const problem = nameProblem(session, dirname(to), basename(to), from)
  if (problem) return toast({ text: problem, tone: 'bad' })
  if (from === to || to.startsWith(`${from}/`)) return
  const { files } = session.workspace
  const moves = new Map(filesBelow(session, from).map((path) => [path, to + path.slice(from.length)]))
  const followed = followImports(files, moves)
  const places = new Set(moves.values())
  const changes = [
    ...[...moves].flatMap(([path, place]) => [
      { path, after: null },
      { path: place, after: followed.get(place) ?? files.get(path) ?? '' },
    ]),
    ...[...followed].filter(([path]) => !places.has(path)).map(([path, after]) => ({ path, after })),
  ]
  workbench.renamed(from, to)
  session.workspace.apply(changes, { origin: 'user', label: `Rename ${from} to ${to}` })
  if (followed.size > 0) toast({ text: `Imports in ${plural(followed.size, 'file')} follow.` })
}

/** Deletes at once; the toast brings it back. */
export function deletePath({ session, toast }: Context, path: string) {
  const { files } = session.workspace
  const removed = filesBelow(session, path).map((file) => ({ path: file, after: files.get(file) ?? '' }))
  session.workspace.apply(
    removed.map((file) => ({ path: file.path, after: null })),
    { origin: 'user', label: `Delete ${path}` },
  )
  toast({
    text: `${basename(path)} deleted${removed.length > 1 ? ` with ${removed.length} files` : ''}.`,
    action: {
      label: 'Undo',
      run: () => {
        const missing = removed.filter((file) => !session.workspace.files.has(file.path))
        session.workspace.apply(missing, { origin: 'undo', label: `Bring back ${path}` })
      },
    },
  })
}
