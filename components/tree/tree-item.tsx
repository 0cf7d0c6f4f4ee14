'use client'
import clsx from 'clsx'
import { memo } from 'react'
import { FileIcon, FolderIcon, LinkIcon } from './file-icon'
import type { TreeRow } from './tree-rows'

/** What is said about a file beside its name. */
export interface TreeMarks {
  agent: 'add' | 'update' | 'delete' | null
  touched: boolean
  errors: number
}

const agentWords = { add: 'added by the agent', update: 'changed by the agent', delete: 'deleted by the agent' }

export const noMarks: TreeMarks = { agent: null, touched: false, errors: 0 }

export const TreeItem = memo(function TreeItem({
  row,
  marks,
  selected,
  tabbable,
  dropTarget,
}: {
  row: TreeRow
  marks: TreeMarks
  selected: boolean
  tabbable: boolean
  dropTarget: boolean
}) {
  const notes = [
    row.kind === 'link' ? `link to ${row.target}` : '',
    marks.errors > 0 ? `${marks.errors} errors` : '',
    marks.agent ? `${agentWords[marks.agent]}, not reviewed` : marks.touched ? 'changed by you' : '',
  ].filter(Boolean)
  return (
    <div
      role="treeitem"
      data-path={row.path}
      draggable
      tabIndex={tabbable ? 0 : -1}
      aria-level={row.level}
      aria-posinset={row.position}
      aria-setsize={row.siblings}
      aria-selected={selected}
      aria-expanded={row.kind === 'folder' ? row.open : undefined}
      aria-label={[row.name, ...notes].join(', ')}
      title={notes.length > 0 ? `${row.path}: ${notes.join(', ')}` : undefined}
      style={{ paddingInlineStart: 8 + (row.level - 1) * 12 }}
      className={clsx(
        'group flex h-6 select-none items-center gap-1.5 rounded-md pr-2 text-ui touch:h-11',
        '[contain-intrinsic-size:auto_24px] [content-visibility:auto] focus-visible:-outline-offset-2',
        selected ? 'bg-selected' : 'hover:bg-hover',
        dropTarget && 'bg-you-surface outline-1 outline-you',
      )}
    >
      <RowIcon row={row} />
      <span className={clsx('min-w-0 flex-1 truncate', marks.errors > 0 && 'text-bad-text')}>
        {row.name}
        {row.kind === 'link' && <span className="ml-1.5 text-meta text-muted">→ {row.target}</span>}
      </span>
      {marks.errors > 0 && <span className="tabular text-[11px] text-bad-text">{marks.errors}</span>}
      {marks.agent ? (
        <span className="font-mono font-semibold text-[10px] text-agent-text">{marks.agent === 'add' ? 'A' : 'M'}</span>
      ) : (
        marks.touched && <span className="size-1.5 rounded-full bg-you" />
      )}
    </div>
  )
})

export function RowIcon({ row }: { row: TreeRow }) {
  if (row.kind === 'folder') return <FolderIcon open={row.open} />
  return row.kind === 'link' ? <LinkIcon /> : <FileIcon path={row.path} />
}
