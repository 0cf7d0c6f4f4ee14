'use client'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { useSession } from '../session-context'
import { useStore } from '../use-store'
import { useWorkbench } from '../workbench-context'
import { noMarks, type TreeMarks } from './tree-item'
import { foldersAbove, treeRows } from './tree-rows'

const memoryKey = 'tree'

/** Which folders are open (remembered), and the rows that follow from it. */
export function useTree() {
  const session = useSession()
  const workbench = useWorkbench()
  const paths = usePaths()
  const links = useStore(session.links.state, (state) => state.links)
  const active = useStore(workbench.state, (state) => state.tabs.active)
  const [openFolders, setOpenFolders] = useState<ReadonlySet<string>>(
    () => new Set(session.memory.get<string[]>(memoryKey) ?? topFolders(session.workspace.files.keys())),
  )
  const [emptyFolders, setEmptyFolders] = useState<readonly string[]>([])

  const setOpen = useCallback((folders: readonly string[], open: boolean) => {
    setOpenFolders((before) => {
      const next = new Set(before)
      for (const folder of folders) open ? next.add(folder) : next.delete(folder)
      return next
    })
  }, [])
  useEffect(() => session.memory.set(memoryKey, [...openFolders]), [session, openFolders])
  useEffect(() => {
    if (active !== null) setOpen(foldersAbove(active), true)
  }, [active, setOpen])

  const rows = useMemo(
    () => treeRows({ paths, links, emptyFolders }, openFolders),
    [paths, links, emptyFolders, openFolders],
  )
  return { rows, setOpen, setEmptyFolders, isEmpty: paths.length + links.size === 0 }
}

/** The same list until a file comes or goes: typing changes files too, and must not build the tree anew. */
function usePaths(): readonly string[] {
  const files = useStore(useSession().files, (state) => state.files)
  const [known, setKnown] = useState<readonly string[]>(() => [...files.keys()])
  let count = 0
  for (const path of files.keys()) {
    if (path !== known[count]) break
    count += 1
  }
  if (count === files.size && count === known.length) return known
  const next = [...files.keys()]
  setKnown(next)
  return next
}

function topFolders(paths: Iterable<string>): string[] {
  return [...new Set([...paths].filter((path) => path.includes('/')).map((path) => path.slice(0, path.indexOf('/'))))]
}

/** Marks of files, and of closed folders for what is in them. */
export function useTreeMarks(): (path: string) => TreeMarks {
  const session = useSession()
  const touched = useStore(useWorkbench().state, (state) => state.touched)
  const review = useStore(session.review.state, (state) => state.files)
  const diagnostics = useStore(session.problems, (state) => state.diagnostics)
  const marks = useMemo(() => {
    const all = new Map<string, TreeMarks>()
    const change = (path: string, next: (marks: TreeMarks) => TreeMarks) =>
      all.set(path, next(all.get(path) ?? noMarks))
    for (const path of touched) change(path, (before) => ({ ...before, touched: true }))
    for (const { path, kind } of review) change(path, (before) => ({ ...before, agent: kind }))
    for (const { path, severity } of diagnostics) {
      if (severity !== 'error') continue
      for (const each of [path, ...foldersAbove(path)])
        change(each, (before) => ({ ...before, errors: before.errors + 1 }))
    }
    return all
  }, [touched, review, diagnostics])
  return (path) => marks.get(path) ?? noMarks
}
