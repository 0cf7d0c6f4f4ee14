'use client'
import clsx from 'clsx'
import { X } from 'lucide-react'
import { type DragEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { basename, dirname } from '@/lib/base'
import { FileIcon } from '../tree/file-icon'
import { ContextMenu } from '../ui/menu'
import { useStore } from '../use-store'
import { useWorkbench } from '../workbench-context'
import { useEdges } from './use-edges'

export function EditorTabs() {
  const workbench = useWorkbench()
  const tabs = useStore(workbench.state, (state) => state.tabs)
  const edgeOf = useEdges()
  const list = useRef<HTMLDivElement>(null)
  const [dropIndex, setDropIndex] = useState<number | null>(null)
  const { active } = tabs

  useEffect(() => {
    if (active === null) return
    list.current
      ?.querySelector(`[data-tab="${CSS.escape(active)}"]`)
      ?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [active])

  const onKeyDown = (event: KeyboardEvent, path: string) => {
    const steps: Record<string, 1 | -1> = { ArrowRight: 1, ArrowLeft: -1 }
    const step = steps[event.key]
    if (step) {
      workbench.nextFile(step)
      requestAnimationFrame(() => list.current?.querySelector<HTMLElement>('[aria-selected="true"]')?.focus())
    }
    if (event.key === 'Delete') workbench.closeFile(path)
    if (event.key === 'Enter') workbench.openFile(path, { keep: true })
  }
  const indexAt = (event: DragEvent) => {
    const elements = [...(list.current?.querySelectorAll('[data-tab]') ?? [])]
    const index = elements.findIndex((element) => {
      const box = element.getBoundingClientRect()
      return event.clientX < box.left + box.width / 2
    })
    return index === -1 ? elements.length : index
  }
  const onDrop = (event: DragEvent) => {
    const path = event.dataTransfer.getData('text/vitrine-tab')
    const from = tabs.paths.indexOf(path)
    const to = indexAt(event)
    setDropIndex(null)
    if (from !== -1) workbench.moveFile(path, from < to ? to - 1 : to)
  }

  return (
    <div
      ref={list}
      role="tablist"
      aria-label="Open files"
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('text/vitrine-tab')) return
        event.preventDefault()
        setDropIndex(indexAt(event))
      }}
      onDragLeave={() => setDropIndex(null)}
      onDrop={onDrop}
      onWheel={(event) => list.current?.scrollBy({ left: event.deltaY })}
      className="flex h-9 min-w-0 flex-1 items-stretch overflow-x-auto [scrollbar-width:none] touch:h-11"
    >
      {tabs.paths.map((path, index) => (
        <ContextMenu
          key={path}
          entries={[
            { label: 'Close', onSelect: () => workbench.closeFile(path) },
            {
              label: 'Close others',
              onSelect: () => {
                for (const other of tabs.paths) if (other !== path) workbench.closeFile(other)
              },
            },
            {
              label: 'Keep open',
              disabled: tabs.preview !== path,
              onSelect: () => workbench.openFile(path, { keep: true }),
            },
            'separator',
            { label: 'Copy path', onSelect: () => void navigator.clipboard.writeText(path) },
          ]}
        >
          <div
            role="presentation"
            data-tab={path}
            data-edge={edgeOf(path)}
            data-edge-axis="top"
            className={clsx(
              'glass-edge group flex shrink-0 items-center border-line border-r',
              path === active ? 'bg-bg' : 'text-muted hover:text-text',
              index === dropIndex && 'shadow-[-2px_0_0_var(--you)]',
              dropIndex === tabs.paths.length && index === dropIndex - 1 && 'shadow-[2px_0_0_var(--you)]',
            )}
          >
            <button
              type="button"
              role="tab"
              draggable
              aria-selected={path === active}
              tabIndex={path === active ? 0 : -1}
              title={path}
              onClick={() => workbench.openFile(path)}
              onDoubleClick={() => workbench.openFile(path, { keep: true })}
              onMouseDown={(event) => event.button === 1 && event.preventDefault()}
              onAuxClick={(event) => event.button === 1 && workbench.closeFile(path)}
              onKeyDown={(event) => onKeyDown(event, path)}
              onDragStart={(event) => event.dataTransfer.setData('text/vitrine-tab', path)}
              className="flex h-full items-center gap-1.5 pr-1 pl-3 focus-visible:-outline-offset-2"
            >
              <FileIcon path={path} />
              <span className={clsx('whitespace-nowrap', path === tabs.preview && 'italic')}>{basename(path)}</span>
              <SameNameHint path={path} paths={tabs.paths} />
            </button>
            <button
              type="button"
              tabIndex={-1}
              // For the pointer; a tablist may hold nothing but tabs, and the keyboard has Delete and Alt+W.
              aria-hidden
              title={`Close ${basename(path)}`}
              onClick={() => workbench.closeFile(path)}
              className={clsx(
                'mr-1.5 inline-flex size-5 items-center justify-center rounded-sm text-muted hover:bg-hover hover:text-text touch:size-11',
                path !== active && 'opacity-0 focus-visible:opacity-100 group-hover:opacity-100 touch:opacity-100',
              )}
            >
              <X size={13} aria-hidden />
            </button>
          </div>
        </ContextMenu>
      ))}
    </div>
  )
}

/** The folder, when two open files share a name. */
function SameNameHint({ path, paths }: { path: string; paths: readonly string[] }) {
  const shared = paths.some((other) => other !== path && basename(other) === basename(path))
  return shared ? <span className="text-meta text-muted">{dirname(path) || '/'}</span> : null
}
