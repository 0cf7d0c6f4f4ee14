'use client'
import { Ellipsis, Lock } from 'lucide-react'
import Link from 'next/link'
import { useCallback, useEffect, useState } from 'react'
import { messageOf } from '@/lib/base'
import type { ProjectMeta } from '@/lib/session/types'
import { Badge } from '../ui/badge'
import { Button } from '../ui/button'
import { ConfirmDialog, Dialog } from '../ui/dialog'
import { Input } from '../ui/input'
import { Menu } from '../ui/menu'
import { useToast } from '../ui/toast'
import { OpenRecording } from './open-recording'
import { relativeTime } from './relative-time'

const loadProjects = () => import('@/lib/session/projects/projects')

type Listed =
  | { state: 'loading' }
  | { state: 'ready'; projects: readonly ProjectMeta[] }
  | { state: 'failed'; message: string }

export function RecentProjects() {
  const [listed, setListed] = useState<Listed>({ state: 'loading' })
  const [deleting, setDeleting] = useState<ProjectMeta | null>(null)
  const [renaming, setRenaming] = useState<ProjectMeta | null>(null)
  const toast = useToast()

  const refresh = useCallback(async () => {
    try {
      setListed({ state: 'ready', projects: await (await loadProjects()).listProjects() })
    } catch (error) {
      setListed({ state: 'failed', message: messageOf(error) })
    }
  }, [])
  useEffect(() => void refresh(), [refresh])

  const change = async (what: string, act: () => Promise<void>) => {
    try {
      await act()
      await refresh()
    } catch (error) {
      toast({ text: `${what} did not work. ${messageOf(error)}`, tone: 'bad' })
    }
  }
  return (
    <section aria-labelledby="recent" className="min-w-0">
      <h2 id="recent" className="m-0 mb-2 font-medium text-meta text-muted">
        Recent projects
      </h2>
      {listed.state === 'loading' && <RecentSkeleton />}
      {listed.state === 'failed' && (
        <p className="m-0 text-muted">This browser does not give access to its storage. {listed.message}</p>
      )}
      {listed.state === 'ready' && listed.projects.length === 0 && (
        <p className="m-0 text-muted">What you open shows up here. It stays in this browser.</p>
      )}
      {listed.state === 'ready' && (
        <ul className="-mx-2.5 m-0 list-none p-0">
          {listed.projects.map((project) => (
            <li
              key={project.id}
              className="group relative flex items-center rounded-md hover:bg-hover focus-within:bg-hover"
            >
              <Link
                href={`/p/${project.id}`}
                prefetch={false}
                className="min-w-0 flex-1 rounded-md px-2.5 py-1.5 no-underline"
              >
                <span className="flex items-center gap-1.5">
                  <span className="truncate font-medium">{project.name}</span>
                  {project.restricted && (
                    <Badge className="shrink-0">
                      <Lock size={10} aria-hidden />
                      from elsewhere
                    </Badge>
                  )}
                </span>
                <span className="block text-meta text-muted">{relativeTime(project.openedAt, Date.now())}</span>
              </Link>
              <Menu
                align="end"
                entries={[
                  { label: 'Rename…', onSelect: () => setRenaming(project) },
                  { label: 'Delete…', tone: 'danger', onSelect: () => setDeleting(project) },
                ]}
                trigger={
                  <button
                    type="button"
                    aria-label={`More about ${project.name}`}
                    className="mr-1.5 inline-flex size-7 shrink-0 items-center justify-center rounded-md text-muted opacity-0 hover:bg-selected focus-visible:opacity-100 group-hover:opacity-100 data-[state=open]:opacity-100 touch:size-11 touch:opacity-100"
                  >
                    <Ellipsis size={15} aria-hidden />
                  </button>
                }
              />
            </li>
          ))}
        </ul>
      )}
      <OpenRecording />
      {deleting && (
        <ConfirmDialog
          open
          onOpenChange={() => setDeleting(null)}
          title={`Delete “${deleting.name}”?`}
          description="Its files, history and conversations are removed from this browser. This cannot be undone."
          confirmLabel="Delete"
          tone="danger"
          onConfirm={() => void change('Deleting', async () => (await loadProjects()).deleteProject(deleting.id))}
        />
      )}
      {renaming && (
        <RenameDialog
          project={renaming}
          onClose={() => setRenaming(null)}
          onRename={(name) =>
            void change('Renaming', async () => (await loadProjects()).renameProject(renaming.id, name))
          }
        />
      )}
    </section>
  )
}

function RenameDialog({
  project,
  onClose,
  onRename,
}: {
  project: ProjectMeta
  onClose: () => void
  onRename: (name: string) => void
}) {
  const [name, setName] = useState(project.name)
  const accept = () => {
    if (name.trim() === '') return
    onClose()
    if (name.trim() !== project.name) onRename(name.trim())
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Rename the project"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="primary" disabled={name.trim() === ''} onClick={accept}>
            Rename
          </Button>
        </>
      }
    >
      <Input
        autoFocus
        aria-label="Name"
        maxLength={100}
        value={name}
        onFocus={(event) => event.target.select()}
        onChange={(event) => setName(event.target.value)}
        onKeyDown={(event) => event.key === 'Enter' && accept()}
      />
    </Dialog>
  )
}

function RecentSkeleton() {
  return (
    <div role="status" aria-label="Looking for projects" className="flex flex-col gap-4 pt-2">
      {[60, 45, 70].map((width) => (
        <span key={width} className="flex flex-col gap-2">
          <span className="skeleton h-3" style={{ width: `${width}%` }} />
          <span className="skeleton h-2 w-16" />
        </span>
      ))}
    </div>
  )
}
