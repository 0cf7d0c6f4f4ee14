import type { Metadata } from 'next'
import { MessagePage } from '@/components/message-page'

export const metadata: Metadata = { title: 'Not found' }

export default function NotFound() {
  return (
    <MessagePage title="There is no such page">
      The address leads nowhere. Your projects are in this browser.
    </MessagePage>
  )
}
