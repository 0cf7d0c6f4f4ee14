import { picturesOf } from '@/lib/models'
import type { AgentEvent } from '../events'
import { textOf } from '../history'
import type { Attachment } from './attachment'

/** What a turn began with, to be sent again: its record names pictures, and the history holds them. */
export function sentAttachments(events: readonly AgentEvent[], turnId: string): readonly Attachment[] {
  const own = events.filter((event) => event.turnId === turnId)
  const start = own.find((event) => event.type === 'turn-start')
  const attachments = start?.type === 'turn-start' ? (start.attachments ?? []) : []
  const sent = own
    .flatMap((event) => (event.type === 'history' ? event.items : []))
    .find((item) => textOf(item).startsWith('<attachments>'))
  const pictures = sent ? picturesOf(sent) : []
  // Where some were left out, nobody can tell which is which.
  if (pictures.length !== attachments.filter(({ kind }) => kind === 'image').length) return attachments
  return attachments.map((attachment) =>
    attachment.kind === 'image' ? { ...attachment, dataUrl: pictures.shift() ?? '' } : attachment,
  )
}
