import { notFound } from 'next/navigation'
import { WorkbenchGallery } from '@/components/gallery/workbench-gallery'

/** The workbench on a project in memory; `?state=` picks one of its states. For development only. */
export default async function Page({ searchParams }: { searchParams: Promise<{ state?: string | string[] }> }) {
  if (process.env.NODE_ENV === 'production') notFound()
  const { state } = await searchParams
  return <WorkbenchGallery state={typeof state === 'string' ? state : 'normal'} />
}
