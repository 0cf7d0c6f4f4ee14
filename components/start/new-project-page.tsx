'use client'
import { useRouter } from 'next/navigation'
import { useEffect, useRef, useState } from 'react'
import { messageOf } from '@/lib/base'
import { MessagePage } from '../message-page'
import { WorkbenchSkeleton } from '../workbench/workbench-skeleton'

/** Makes a project, then goes to it. `make` resolves to the project's id; it is called once. */
function useNewProject(make: () => Promise<string>): string | null {
  const router = useRouter()
  const [problem, setProblem] = useState<string | null>(null)
  const started = useRef(false)
  useEffect(() => {
    if (started.current) return
    started.current = true
    make().then(
      (id) => router.replace(`/p/${id}`),
      (error: unknown) => setProblem(messageOf(error)),
    )
  }, [make, router])
  return problem
}

export function NewProjectPage({ template }: { template: string }) {
  const problem = useNewProject(async () => (await import('@/lib/session/projects/projects')).createProject(template))
  if (problem === null) return <WorkbenchSkeleton />
  return <MessagePage title="The project was not made">{problem}</MessagePage>
}

/** `/open#v1.…`: the project comes in the address itself. */
export function OpenLinkPage() {
  const problem = useNewProject(async () => (await import('@/lib/session/projects/projects')).importLink(location.hash))
  if (problem === null) return <WorkbenchSkeleton />
  return <MessagePage title="The link cannot be opened">{problem}</MessagePage>
}
