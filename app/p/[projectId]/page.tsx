import type { Metadata } from 'next'
import { ProjectPage } from '@/components/workbench/project-page'
import { previewOrigin } from '@/lib/server'
import packageJson from '@/package.json'

export const metadata: Metadata = { title: 'Project' }

export default async function Page({ params }: { params: Promise<{ projectId: string }> }) {
  const { projectId } = await params
  return (
    <ProjectPage projectId={projectId} version={packageJson.version} previewOrigin={previewOrigin()?.origin ?? null} />
  )
}
