import type { Metadata } from 'next'
import { NewProjectPage } from '@/components/start/new-project-page'

export const metadata: Metadata = { title: 'New project' }

export default async function Page({ searchParams }: { searchParams: Promise<{ template?: string | string[] }> }) {
  const { template } = await searchParams
  return <NewProjectPage template={typeof template === 'string' ? template : 'empty'} />
}
