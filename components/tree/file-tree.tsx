'use client'
import { FilePlus2, FolderPlus, FoldVertical } from 'lucide-react'
import {
  type DragEvent,
  Fragment,
  type KeyboardEvent,
  type MouseEvent,
  useEffect,
  useEffectEvent,
  useRef,
  useState,
} from 'react'
import { basename, dirname } from '@/lib/base'
import { useSession } from '../session-context'
import { Button } from '../ui/button'
import { EmptyState } from '../ui/empty-state'
import { IconButton } from '../ui/icon-button'
import { ContextMenu, type MenuEntry } from '../ui/menu'
import { useCommandContext } from '../use-commands'
import { useStore } from '../use-store'
import { createFile, deletePath, movePath, nameProblem, openLink } from './file-actions'
import { FileIcon, FolderIcon } from './file-icon'
import { NameInput } from './name-input'
import { noMarks, RowIcon, TreeItem } from './tree-item'
import { foldersAbove, type TreeRow, typeAhead } from './tree-rows'
import { useTree, useTreeMarks } from './use-tree'

/** An entry whose name is being typed: a new one in a folder, or the new name of `path`. */
type Naming = { kind: 'file' | 'folder'; folder: string } | { kind: 'rename'; path: string }

const typeAheadMs = 700

export function FileTree() {
  const context = useCommandContext()
  const session = useSession()
  const readOnly = useStore(session.project, (state) => state.readOnly || state.meta.restricted)
  const active = useStore(context.workbench.state, (state) => state.tabs.active)
  const { rows, setOpen, setEmptyFolders, isEmpty } = useTree()
  const marksOf = useTreeMarks()
  const [focused, setFocused] = useState<string | null>(null)
  const [naming, setNaming] = useState<Naming | null>(null)
  const [dropFolder, setDropFolder] = useState<string | null>(null)
  const typed = useRef({ text: '', at: 0 })
  const tree = useRef<HTMLDivElement>(null)

  const current = rows.find((row) => row.path === (focused ?? active)) ?? rows[0]
  const folderOf = (row: TreeRow | undefined) =>
    row === undefined ? '' : row.kind === 'folder' ? row.path : dirname(row.path)

  const focusRow = (row: TreeRow | undefined) => {
    if (!row) return
    setFocused(row.path)
    tree.current?.querySelector<HTMLElement>(`[data-path="${CSS.escape(row.path)}"]`)?.focus()
  }
  const openRow = (row: TreeRow, keep: boolean) => {
    if (row.kind === 'folder') setOpen([row.path], !row.open)
    else if (row.kind === 'file') context.workbench.openFile(row.path, { keep })
    else {
      const folder = openLink(context, row.path, keep)
      if (folder !== null) setOpen([folder, ...foldersAbove(folder)], true)
    }
  }
  const startNaming = (next: Naming) => {
    if (readOnly) return
    if (next.kind !== 'rename' && next.folder !== '') setOpen([next.folder, ...foldersAbove(next.folder)], true)
    setNaming(next)
  }
  const asked = useStore(context.workbench.state, (state) => state.naming)
  const takeNaming = useEffectEvent((kind: 'file' | 'folder') => {
    context.workbench.state.setState({ naming: null })
    startNaming({ kind, folder: folderOf(current) })
  })
  useEffect(() => {
    if (asked) takeNaming(asked)
  }, [asked])
  const finishNaming = (name: string | null) => {
    const wanted = naming
    setNaming(null)
    if (name === null || wanted === null) return
    if (wanted.kind === 'rename') return movePath(context, wanted.path, within(dirname(wanted.path), name))
    const path = within(wanted.folder, name)
    if (wanted.kind === 'file') return createFile(context, path)
    // A folder exists through its files: show it, and ask for the first one.
    setEmptyFolders((before) => [...before, path])
    setOpen([path], true)
    setNaming({ kind: 'file', folder: path })
  }

  const onKeyDown = (event: KeyboardEvent) => {
    if (!current || naming) return
    const index = rows.indexOf(current)
    const parent = rows.findLast((row, at) => at < index && row.level < current.level)
    const actions: Record<string, () => void> = {
      ArrowDown: () => focusRow(rows[index + 1]),
      ArrowUp: () => focusRow(rows[index - 1]),
      Home: () => focusRow(rows[0]),
      End: () => focusRow(rows.at(-1)),
      ArrowRight: () =>
        current.kind === 'folder' && !current.open ? setOpen([current.path], true) : focusRow(rows[index + 1]),
      ArrowLeft: () => (current.open ? setOpen([current.path], false) : focusRow(parent)),
      Enter: () => openRow(current, true),
      ' ': () => openRow(current, false),
      F2: () => startNaming({ kind: 'rename', path: current.path }),
      Delete: () => !readOnly && deletePath(context, current.path),
    }
    const action = actions[event.key]
    if (action && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault()
      action()
    } else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const fresh = event.timeStamp - typed.current.at > typeAheadMs
      typed.current = { text: fresh ? event.key : typed.current.text + event.key, at: event.timeStamp }
      focusRow(typeAhead(rows, index, typed.current.text))
    }
  }

  const rowAt = (event: { target: EventTarget }) => {
    const path = event.target instanceof Element ? event.target.closest('[data-path]')?.getAttribute('data-path') : null
    return rows.find((row) => row.path === path)
  }
  const onClick = (event: MouseEvent) => {
    const row = rowAt(event)
    if (!row) return
    setFocused(row.path)
    openRow(row, event.detail > 1)
  }
  const onDragStart = (event: DragEvent) => {
    const row = rowAt(event)
    if (!row || readOnly) return event.preventDefault()
    event.dataTransfer.setData('text/vitrine-path', row.path)
    event.dataTransfer.effectAllowed = 'move'
  }
  const onDragOver = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes('text/vitrine-path')) return
    event.preventDefault()
    setDropFolder(folderOf(rowAt(event)))
  }
  const onDrop = (event: DragEvent) => {
    const from = event.dataTransfer.getData('text/vitrine-path')
    setDropFolder(null)
    if (from === '') return
    event.preventDefault()
    const to = within(folderOf(rowAt(event)), basename(from))
    if (to !== from) movePath(context, from, to)
  }

  const entries: MenuEntry[] = current
    ? [
        {
          label: 'New file…',
          disabled: readOnly,
          onSelect: () => startNaming({ kind: 'file', folder: folderOf(current) }),
        },
        {
          label: 'New folder…',
          disabled: readOnly,
          onSelect: () => startNaming({ kind: 'folder', folder: folderOf(current) }),
        },
        'separator',
        {
          label: 'Rename…',
          keys: 'F2',
          disabled: readOnly,
          onSelect: () => startNaming({ kind: 'rename', path: current.path }),
        },
        { label: 'Copy path', onSelect: () => void navigator.clipboard.writeText(current.path) },
        {
          label: 'Delete',
          keys: 'Del',
          tone: 'danger',
          disabled: readOnly,
          onSelect: () => deletePath(context, current.path),
        },
      ]
    : []

  const newRow = (level: number) => (
    <div className="flex h-6 items-center gap-1.5 pr-2 touch:h-11" style={{ paddingInlineStart: 8 + (level - 1) * 12 }}>
      {naming?.kind === 'folder' ? <FolderIcon open={false} /> : <FileIcon path="" />}
      <NameInput
        key={naming?.kind}
        initial=""
        label={naming?.kind === 'folder' ? 'Name of the new folder' : 'Name of the new file'}
        problemOf={(name) => nameProblem(session, naming && 'folder' in naming ? naming.folder : '', name)}
        onDone={finishNaming}
      />
    </div>
  )

  return (
    <div className="flex h-full flex-col">
      <div className="flex h-9 shrink-0 items-center pr-1.5 pl-3.5">
        <h2 className="m-0 flex-1 font-medium text-meta text-muted">Files</h2>
        <IconButton
          label="New file"
          size="sm"
          disabled={readOnly}
          onClick={() => startNaming({ kind: 'file', folder: folderOf(current) })}
        >
          <FilePlus2 size={14} aria-hidden />
        </IconButton>
        <IconButton
          label="New folder"
          size="sm"
          disabled={readOnly}
          onClick={() => startNaming({ kind: 'folder', folder: folderOf(current) })}
        >
          <FolderPlus size={14} aria-hidden />
        </IconButton>
        <IconButton
          label="Close all folders"
          size="sm"
          onClick={() =>
            setOpen(
              rows.map(({ path }) => path),
              false,
            )
          }
        >
          <FoldVertical size={14} aria-hidden />
        </IconButton>
      </div>
      {isEmpty && naming === null ? (
        <EmptyState
          title="No files yet"
          action={
            <Button tone="primary" disabled={readOnly} onClick={() => startNaming({ kind: 'file', folder: '' })}>
              New file
            </Button>
          }
        >
          Create one here, or ask the agent to begin.
        </EmptyState>
      ) : (
        <ContextMenu entries={entries}>
          {/* Radix opens the menu for the row that was pressed last. */}
          <div
            ref={tree}
            role="tree"
            aria-label="Files"
            onClick={onClick}
            onContextMenu={(event) => setFocused(rowAt(event)?.path ?? null)}
            onKeyDown={onKeyDown}
            onFocus={(event) => setFocused(rowAt(event)?.path ?? focused)}
            onDragStart={onDragStart}
            onDragOver={onDragOver}
            onDragLeave={() => setDropFolder(null)}
            onDrop={onDrop}
            className="min-h-0 flex-1 overflow-y-auto px-1.5 pb-4"
          >
            {naming && 'folder' in naming && naming.folder === '' && newRow(1)}
            {rows.map((row) =>
              naming?.kind === 'rename' && naming.path === row.path ? (
                <div
                  key={row.path}
                  className="flex h-6 items-center gap-1.5 pr-2 touch:h-11"
                  style={{ paddingInlineStart: 8 + (row.level - 1) * 12 }}
                >
                  <RowIcon row={row} />
                  <NameInput
                    initial={row.name}
                    label={`New name of ${row.name}`}
                    problemOf={(name) => nameProblem(session, dirname(row.path), name, row.path)}
                    onDone={finishNaming}
                  />
                </div>
              ) : (
                <Fragment key={row.path}>
                  <TreeItem
                    row={row}
                    marks={row.open ? noMarks : marksOf(row.path)}
                    selected={row.path === active}
                    tabbable={row === current}
                    dropTarget={row.path === dropFolder}
                  />
                  {naming && 'folder' in naming && naming.folder === row.path && newRow(row.level + 1)}
                </Fragment>
              ),
            )}
          </div>
        </ContextMenu>
      )}
    </div>
  )
}

function within(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`
}
