/** Something that the user puts before a message: a place in the project, or what is known of it. */
export type Attachment =
  /** A file, or lines of it: 1-based, inclusive. */
  | { kind: 'file'; path: string; startLine?: number | undefined; endLine?: number | undefined }
  | { kind: 'symbol'; path: string; name: string; line: number }
  | { kind: 'test'; path: string; name: string; error: string }
  | { kind: 'problem'; path: string; line: number; message: string }
  /** What a review found. */
  | {
      kind: 'finding'
      path: string
      startLine: number
      endLine: number
      priority: number
      title: string
      body: string
    }
  | { kind: 'checkpoint'; id: string; label: string; changes: CheckpointChange[] }
  /** What is recorded of an earlier turn. */
  | { kind: 'record'; of: string; text: string }
  /** `dataUrl` is empty in what is recorded of a turn: the picture itself is in the history. */
  | { kind: 'image'; name: string; dataUrl: string }

/** What changed since a checkpoint. */
interface CheckpointChange {
  path: string
  kind: 'add' | 'update' | 'delete'
}

/** More pictures do not go with one message. */
export const maxImages = 4
/** Of a picture as text: with the conversation all pictures have to fit into the 2 MiB that the server takes. */
export const maxImageCharacters = 250_000

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
    case 'finding':
      return `P${attachment.priority} ${attachment.path}:${attachment.startLine} ${attachment.title}`
    case 'checkpoint':
      return `Since “${attachment.label}”`
    case 'record':
      return `Record of “${attachment.of}”`
    case 'image':
      return attachment.name
  }
}

/** As it is recorded with the turn, next to a history that holds the content. */
export function toRecorded(attachment: Attachment): Attachment {
  return attachment.kind === 'image' ? { ...attachment, dataUrl: '' } : attachment
}
