'use client'
import dynamic from 'next/dynamic'
import { useEffect, useRef, useState } from 'react'
import { messageOf, sleep } from '@/lib/base'
import { loadRestWhenIdle } from '@/lib/session/load-rest'
import type { VitrinePage } from '@/lib/session/page-api'
import type { Session } from '@/lib/session/types'
import { whenIdle } from '@/lib/session/when-idle'
import { firstEditor } from '../editor/standing'
import { MessagePage } from '../message-page'
import { chosenSandbox } from '../sandbox-choice'
import { useStore } from '../use-store'
import { WorkbenchSkeleton } from './workbench-skeleton'

declare global {
  interface Window {
    /** Only while a project is open. */
    vitrine: VitrinePage
  }
}

const load = {
  view: () => import('./workbench-view'),
  openSession: () => import('@/lib/session/open-session'),
  pageApi: () => import('@/lib/session/page-api'),
  templates: () => import('@/lib/workspace/templates'),
}
// All at once and before React starts, so that nothing waits in line for the next file; who uses a part says if it fails.
if (typeof window !== 'undefined') for (const part of Object.values(load)) part().catch(() => undefined)

const WorkbenchView = dynamic(() => load.view().then(({ WorkbenchView: component }) => component), {
  ssr: false,
  loading: WorkbenchSkeleton,
})

type Opening =
  | { state: 'opening' }
  | { state: 'open'; session: Session }
  | { state: 'missing' }
  | { state: 'failed'; message: string }

// Milliseconds. Whoever needs the sandbox sooner boots it by using it.
const editorWaitMs = 5000
/** Both cores belong to the editor until its first keys are through. */
const firstKeysMs = 400
const quietMs = 1000

export interface ProjectPageProps {
  projectId: string
  version: string
  /** Under which previews have hosts of their own, where the operator has one. */
  previewOrigin: string | null
}

/** Opens a stored project and shows it; offers the page API while it is open. */
export function ProjectPage({ projectId, version, previewOrigin }: ProjectPageProps) {
  const [opening, setOpening] = useState<Opening>({ state: 'opening' })
  const lastClosed = useRef<Promise<unknown>>(Promise.resolve())

  useEffect(() => {
    let wanted = true
    let session: Session | null = null
    // One after the other: an earlier opening gives its writer lock back first.
    const done = lastClosed.current.then(async () => {
      if (!wanted) return
      try {
        session = await openProject({ projectId, version, previewOrigin })
        if (wanted) setOpening(session ? { state: 'open', session } : { state: 'missing' })
        void whenEditorStands().then(() => whenIdle(() => wanted && session && startInBackground(session), quietMs))
      } catch (error) {
        console.error(error)
        if (wanted) setOpening({ state: 'failed', message: messageOf(error) })
      }
    })
    return () => {
      wanted = false
      lastClosed.current = done.then(() => session?.dispose())
      Reflect.deleteProperty(window, 'vitrine')
    }
  }, [projectId, version, previewOrigin])

  switch (opening.state) {
    case 'opening':
      return <WorkbenchSkeleton />
    case 'open':
      return (
        <>
          <PageTitle session={opening.session} />
          <WorkbenchView session={opening.session} />
        </>
      )
    case 'missing':
      return (
        <MessagePage title="This project is not in this browser">
          Projects live in the browser that made them. Ask for a link to it, or start a new one.
        </MessagePage>
      )
    case 'failed':
      return (
        <MessagePage title="The project did not open" retry={() => location.reload()}>
          {opening.message}
        </MessagePage>
      )
  }
}

async function openProject({ projectId, version, previewOrigin }: ProjectPageProps): Promise<Session | null> {
  const [{ openSession }, { createPageApi }, { findTemplate }] = await Promise.all([
    load.openSession(),
    load.pageApi(),
    load.templates(),
  ])
  const session = await openSession(projectId, { sandbox: chosenSandbox(), version, previewOrigin })
  if (!session) return null
  window.vitrine = createPageApi(session, version)
  showFirstFile(session, findTemplate(session.project.getState().meta.template ?? '')?.openFile)
  return session
}

/** Resolves when an editor stands, or when none came in time: a narrow screen begins with another pane. */
async function whenEditorStands() {
  await Promise.race([firstEditor, sleep(editorWaitMs)])
  await sleep(firstKeysMs)
}

/** What the editor can do without and should not have to compete with. */
function startInBackground(session: Session) {
  bootSandbox(session)
  loadRestWhenIdle()
}

/** Boots the sandbox while the user looks around; a failure shows in the status bar and the terminal. */
function bootSandbox(session: Session) {
  const { meta, readOnly } = session.project.getState()
  if (meta.restricted || readOnly || session.runtime.state.getState().status !== 'off') return
  session.runtime.restart().catch((error: unknown) => console.warn('The sandbox did not start.', error))
}

/** A project that was never looked at opens on its main file. */
function showFirstFile(session: Session, templateFile: string | undefined) {
  if (session.memory.get('workbench') !== undefined) return
  const { files } = session.workspace
  const path = [templateFile, 'README.md', ...files.keys()].find(
    (candidate) => candidate !== undefined && files.has(candidate),
  )
  if (path) session.memory.set('workbench', { tabs: { paths: [path], active: path, preview: null } })
}

function PageTitle({ session }: { session: Session }) {
  const name = useStore(session.project, (state) => state.meta.name)
  return <title>{`${name} · Vitrine`}</title>
}
