'use client'

import { Ellipsis, GitFork, MessageSquare } from 'lucide-react'
import { type FormEvent, useEffect, useState } from 'react'
import { useSession } from '@/components/session-context'
import { relativeTime } from '@/components/start/relative-time'
import { Button } from '@/components/ui/button'
import { ConfirmDialog, Dialog } from '@/components/ui/dialog'
import { IconButton } from '@/components/ui/icon-button'
import { Input } from '@/components/ui/input'
import { Menu } from '@/components/ui/menu'
import { useToast } from '@/components/ui/toast'
import { useStore } from '@/components/use-store'
import { plural } from '@/lib/base'
import type { ThreadFormat, ThreadHit, ThreadInfo } from '@/lib/session/types'
import { useAttempt } from '../use-attempt'
import { exportThread } from './export-thread'

/** The project's conversations: open, search, rename, export, delete. */
export function ThreadsDialog({ onClose }: { onClose: () => void }) {
  const { threads, agent } = useSession()
  const attempt = useAttempt()
  const [query, setQuery] = useState('')
  const [deleting, setDeleting] = useState<ThreadInfo | null>(null)
  const { hits, searching } = useHits(query)
  const current = useStore(agent.state, (state) => state.id)
  const running = useStore(agent.state, (state) => state.running)

  const open = async (id: string) => {
    if (await attempt(threads.open(id))) onClose()
  }
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title="Conversations"
      description={running ? 'Opening another one stops the turn that runs now. It can be continued.' : undefined}
      className="w-[min(560px,calc(100vw-24px))]"
    >
      <Input
        autoFocus
        type="search"
        value={query}
        onChange={(event) => setQuery(event.target.value)}
        aria-label="Search in conversations"
        placeholder="Search titles, messages and answers"
      />
      <p role="status" className="sr-only">
        {query !== '' && !searching && plural(hits.length, 'conversation')}
      </p>
      <ul aria-label="Conversations" aria-busy={searching} className="m-0 mt-2 flex list-none flex-col p-0">
        {hits.map(({ thread, excerpt }) => (
          <ThreadRow
            key={thread.id}
            thread={thread}
            excerpt={excerpt}
            isCurrent={thread.id === current}
            onOpen={() => void open(thread.id)}
            onDelete={() => setDeleting(thread)}
          />
        ))}
      </ul>
      {hits.length === 0 && (
        <p className="m-0 px-2 py-6 text-center text-muted">
          {query === '' ? 'No conversations yet. Write to the agent to begin one.' : 'Nothing was found.'}
        </p>
      )}
      <ConfirmDialog
        open={deleting !== null}
        onOpenChange={(isOpen) => !isOpen && setDeleting(null)}
        title={`Delete “${deleting?.title ?? ''}”?`}
        description="Its messages go for good. The project’s files and checkpoints stay."
        confirmLabel="Delete"
        tone="danger"
        onConfirm={() => deleting && void attempt(threads.remove(deleting.id))}
      />
    </Dialog>
  )
}

interface ThreadRowProps {
  thread: ThreadInfo
  excerpt: string
  isCurrent: boolean
  onOpen: () => void
  onDelete: () => void
}

function ThreadRow({ thread, excerpt, isCurrent, onOpen, onDelete }: ThreadRowProps) {
  const { threads } = useSession()
  const attempt = useAttempt()
  const [isRenaming, setRenaming] = useState(false)
  const toast = useToast()
  const save = (format: ThreadFormat) =>
    void attempt(exportThread(threads, thread, format).then((note) => note !== null && toast({ text: note })))
  const Icon = thread.forkedFrom === null ? MessageSquare : GitFork
  if (isRenaming) return <RenameRow thread={thread} onDone={() => setRenaming(false)} />
  return (
    <li className="flex items-center gap-1">
      <button
        type="button"
        aria-current={isCurrent || undefined}
        onClick={onOpen}
        className="flex min-w-0 flex-1 items-start gap-2.5 rounded-md px-2 py-1.5 text-left hover:bg-hover aria-[current]:bg-selected touch:min-h-11"
      >
        <Icon size={14} aria-hidden className="mt-0.5 shrink-0 text-muted" />
        <span className="min-w-0 flex-1">
          <span className="block truncate">{thread.title}</span>
          <span className="block truncate text-meta text-muted">
            {isCurrent ? 'Open · ' : ''}
            {excerpt === '' ? relativeTime(thread.updatedAt, Date.now()) : excerpt}
          </span>
        </span>
      </button>
      <Menu
        align="end"
        trigger={
          <IconButton label={`More for “${thread.title}”`}>
            <Ellipsis size={15} aria-hidden />
          </IconButton>
        }
        entries={[
          { label: 'Rename…', onSelect: () => setRenaming(true) },
          { label: 'Export as Markdown', onSelect: () => save('markdown') },
          { label: 'Export as JSON', onSelect: () => save('json') },
          { label: 'Export as cassette (plays again)', onSelect: () => save('cassette') },
          'separator',
          { label: 'Delete…', tone: 'danger', onSelect: onDelete },
        ]}
      />
    </li>
  )
}

function RenameRow({ thread, onDone }: { thread: ThreadInfo; onDone: () => void }) {
  const { threads } = useSession()
  const [title, setTitle] = useState(thread.title)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (title.trim() !== '') threads.rename(thread.id, title)
    onDone()
  }
  return (
    <li>
      <form onSubmit={submit} className="flex items-center gap-1.5 py-1">
        <Input
          autoFocus
          value={title}
          aria-label="Title"
          onChange={(event) => setTitle(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return
            // The dialog stays.
            event.stopPropagation()
            onDone()
          }}
        />
        <Button type="submit">Rename</Button>
      </form>
    </li>
  )
}

/** All conversations, or those that the query is found in; typing does not wait for the search. */
function useHits(query: string): { hits: readonly ThreadHit[]; searching: boolean } {
  const { threads } = useSession()
  const list = useStore(threads.state, (state) => state.list)
  const [found, setFound] = useState<{ query: string; hits: readonly ThreadHit[] }>({ query: '', hits: [] })
  useEffect(() => {
    if (query.trim() === '') return
    let isCurrent = true
    const timer = setTimeout(() => {
      void threads.search(query).then((hits) => isCurrent && setFound({ query, hits }))
    }, 120)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [threads, query])
  if (query.trim() === '') return { hits: list.map((thread) => ({ thread, excerpt: '' })), searching: false }
  const known = new Set(list.map(({ id }) => id))
  return { hits: found.hits.filter(({ thread }) => known.has(thread.id)), searching: found.query !== query }
}
