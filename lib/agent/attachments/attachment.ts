import * as z from 'zod'

const text = z.string()
const number = z.number()

/** Something that the user puts before a message: a place in the project, or what is known of it. */
export const attachmentSchema = z.discriminatedUnion('kind', [
  /** A file, or lines of it: 1-based, inclusive. */
  z.object({ kind: z.literal('file'), path: text, startLine: number.optional(), endLine: number.optional() }),
  z.object({ kind: z.literal('symbol'), path: text, name: text, line: number }),
  z.object({ kind: z.literal('test'), path: text, name: text, error: text }),
  z.object({ kind: z.literal('problem'), path: text, line: number, message: text }),
  z.object({
    kind: z.literal('checkpoint'),
    id: text,
    label: text,
    /** What changed since then. */
    changes: z.array(z.object({ path: text, kind: z.enum(['add', 'update', 'delete']) })),
  }),
  /** `dataUrl` is empty in what is recorded of a turn: the picture itself is in the history. */
  z.object({ kind: z.literal('image'), name: text, dataUrl: text }),
])

export type Attachment = z.infer<typeof attachmentSchema>

/** For chips and lists: unique among the attachments of a message. */
export function attachmentLabel(attachment: Attachment): string {
  switch (attachment.kind) {
    case 'file': {
      const { path, startLine, endLine } = attachment
      if (startLine === undefined) return path
      return startLine === endLine || endLine === undefined ? `${path}:${startLine}` : `${path}:${startLine}-${endLine}`
    }
    case 'symbol':
      return `${attachment.name} in ${attachment.path}:${attachment.line}`
    case 'test':
      return `${attachment.path} > ${attachment.name}`
    case 'problem':
      return `${attachment.path}:${attachment.line} ${attachment.message}`
    case 'checkpoint':
      return `Since “${attachment.label}”`
    case 'image':
      return attachment.name
  }
}

/** As it is recorded with the turn, next to a history that holds the content. */
export function toRecorded(attachment: Attachment): Attachment {
  return attachment.kind === 'image' ? { ...attachment, dataUrl: '' } : attachment
}
