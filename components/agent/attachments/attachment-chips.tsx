import { Bug, Camera, CircleAlert, FileText, FunctionSquare, History, ScrollText, SearchCheck, X } from 'lucide-react'
import { type Attachment, attachmentLabel } from '@/lib/agent/attachments/attachment'

const icons: Record<Attachment['kind'], typeof Bug> = {
  file: FileText,
  symbol: FunctionSquare,
  test: Bug,
  problem: CircleAlert,
  finding: SearchCheck,
  checkpoint: History,
  record: ScrollText,
  image: Camera,
}

/** What goes with a message, each removable as long as `onRemove` is given. */
export function AttachmentChips({
  attachments,
  onRemove,
}: {
  attachments: readonly Attachment[]
  onRemove?: (attachment: Attachment) => void
}) {
  if (attachments.length === 0) return null
  return (
    <ul aria-label="Attached" className="m-0 flex min-w-0 list-none flex-wrap gap-1 p-0">
      {attachments.map((attachment) => {
        const label = attachmentLabel(attachment)
        const Icon = icons[attachment.kind]
        return (
          <li
            key={`${attachment.kind} ${label}`}
            title={label}
            className="inline-flex h-6 max-w-full items-center gap-1.5 rounded-md border border-line bg-panel pl-1.5 text-meta touch:h-9"
          >
            <Icon size={12} aria-hidden className="shrink-0 text-muted" />
            <span className="min-w-0 truncate pr-1.5">{label}</span>
            {onRemove && (
              <button
                type="button"
                aria-label={`Remove ${label}`}
                onClick={() => onRemove(attachment)}
                className="-ml-1 inline-flex h-full w-6 shrink-0 items-center justify-center rounded-r-md text-muted hover:bg-hover hover:text-text touch:w-9"
              >
                <X size={12} aria-hidden />
              </button>
            )}
          </li>
        )
      })}
    </ul>
  )
}
