import type { Metadata } from 'next'
import { OpenLinkPage } from '@/components/start/new-project-page'

export const metadata: Metadata = { title: 'Open a link' }

export default function Page() {
  return <OpenLinkPage />
}
