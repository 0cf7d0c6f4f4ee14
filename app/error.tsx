'use client'
import { MessagePage } from '@/components/message-page'
import { messageOf } from '@/lib/base'

/** What no pane has caught. */
export default function ErrorPage({ error }: { error: Error }) {
  return (
    <MessagePage title="This page has failed" retry={() => location.reload()}>
      {messageOf(error)} Your projects are stored in this browser.
    </MessagePage>
  )
}
