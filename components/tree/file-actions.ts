import { basename, dirname, joinPath, pathProblem, plural } from '@/lib/base'
import type { Session } from '@/lib/session/types'
import { followLink, type LinkMap } from '@/lib/workspace'
import type { ToastMessage } from '../ui/toast'
import type { Workbench } from '../workbench/workbench'
import { followImports } from './follow-imports'
import { foldersAbove } from './tree-rows'

interface Context {
  session: Session
  workbench: Workbench
  toast: (message: ToastMessage) => void
}

/** All of these at or below a path. */
function atOrBelow(paths: Iterable<string>, path: string): string[] {
  return [...paths].filter((each) => each === path || each.startsWith(`${path}/`))
}

/** All files at or below a path. */
export function filesBelow(session: Session, path: string): string[] {
  return atOrBelow(session.workspace.files.keys(), path)
}

const linksOf = (session: Session): LinkMap => session.links.state.getState().links

function linksBelow(session: Session, path: string): [path: string, target: string][] {
  const links = linksOf(session)
  return atOrBelow(links.keys(), path).map((link) => [link, links.get(link) ?? ''])
}

/** Why an entry cannot be called this, or null. `self` is the entry's present path when it is renamed. */
export function nameProblem(session: Session, folder: string, name: string, self?: string): string | null {
  if (name.trim() === '') return 'Type a name.'
  const path = joinPath(folder, name.trim())
  const problem = path === null ? 'The name leaves the project.' : pathProblem(path)
  if (problem) return problem
  if (path === self) return null
  if (path === null) return null
  if (filesBelow(session, path).length + linksBelow(session, path).length > 0)
    return `${basename(path)} exists already.`
  const file = foldersAbove(path).find((above) => session.workspace.files.has(above))
  if (file !== undefined) return `${basename(file)} is a file.`
  const link = foldersAbove(path).find((above) => linksOf(session).has(above))
  return link === undefined ? null : `${basename(link)} is a link; what it leads to has its own place in the tree.`
}

/** Opens the file that a link leads to; answers the path of a folder for the tree to open instead. */
export function openLink({ session, workbench, toast }: Context, path: string, keep: boolean): string | null {
  const target = followLink(linksOf(session), path)
  if (target !== null && session.workspace.files.has(target)) workbench.openFile(target, { keep })
  else if (target !== null && filesBelow(session, target).length > 0) return target
  else toast({ text: `${linksOf(session).get(path)} is no file of this project.` })
  return null
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
  const links = linksBelow(session, from)
  const moved = (path: string) => to + path.slice(from.length)
  const moves = new Map(filesBelow(session, from).map((path) => [path, moved(path)]))
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
  const { executables } = session.executables.state.getState()
  session.history.change({
    changes,
    links: links.flatMap(([path, target]) => [
      { path, target: null },
      { path: moved(path), target },
    ]),
    executables: [...moves].filter(([path]) => executables.has(path)).map(([, path]) => ({ path, executable: true })),
    meta: { origin: 'user', label: `Rename ${from} to ${to}` },
  })
  if (followed.size > 0) toast({ text: `Imports in ${plural(followed.size, 'file')} follow.` })
}

/** Deletes at once; the toast brings it back. */
export function deletePath({ session, toast }: Context, path: string) {
  const { files } = session.workspace
  const removed = filesBelow(session, path).map((file) => ({ path: file, after: files.get(file) ?? '' }))
  const links = linksBelow(session, path)
  session.history.change({
    changes: removed.map((file) => ({ path: file.path, after: null })),
    links: links.map(([link]) => ({ path: link, target: null })),
    meta: { origin: 'user', label: `Delete ${path}` },
  })
  const count = removed.length + links.length
  toast({
    text: `${basename(path)} deleted${count > 1 ? ` with ${count} files` : ''}.`,
    action: {
      label: 'Undo',
      run: () => {
        const missing = removed.filter((file) => !session.workspace.files.has(file.path))
        session.workspace.apply(missing, { origin: 'undo', label: `Bring back ${path}` })
        session.links.change(links.map(([link, target]) => ({ path: link, target })))
      },
    },
  })
}
