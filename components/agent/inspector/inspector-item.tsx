import clsx from 'clsx'
import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import type { InspectedItem, ItemPlace } from '@/lib/agent/inspector/inspect-thread'
import { formatTokens } from '../format'
import { ScrollBox } from '../scroll-box'
import { VisibleText } from '../text/visible-text'

const kinds: Record<InspectedItem['kind'], string> = {
  tools: 'Tools',
  instructions: 'Instructions',
  session: 'Mode, policy',
  environment: 'Project',
  attachments: 'Attached',
  review: 'Review',
  summary: 'Summary',
  user: 'You',
  note: 'Note',
  reasoning: 'Thoughts',
  answer: 'Answer',
  call: 'Call',
  output: 'Output',
  other: 'Other',
}

const places: Record<ItemPlace, { label: string; hint: string }> = {
  sent: { label: 'sent', hint: 'The last request began with it: the provider can read it from its cache.' },
  new: { label: 'new', hint: 'The next request is the first to hold it.' },
  next: { label: 'joins', hint: 'It joins with your next message.' },
}

/** Characters shown of an item; the whole text of a large one would make the page slow. */
const maxShown = 60_000

/** One item of the request: a line that opens to why it is there and what it says. */
export function InspectorItem({ item }: { item: InspectedItem }) {
  const [isOpen, setOpen] = useState(false)
  const place = places[item.place]
  return (
    <li className="border-line border-t first:border-t-0">
      <details onToggle={(event) => setOpen(event.currentTarget.open)} className="group">
        <summary className="flex min-h-8 list-none items-center gap-2 px-1.5 text-meta hover:bg-hover touch:min-h-11">
          <ChevronRight
            size={12}
            aria-hidden
            className="shrink-0 text-muted transition-transform group-open:rotate-90"
          />
          <span className="w-20 shrink-0 text-muted">{kinds[item.kind]}</span>
          <span className="min-w-0 flex-1 truncate">
            <VisibleText text={item.title} />
          </span>
          <span title={place.hint} className={clsx('shrink-0', item.place === 'sent' ? 'text-muted' : 'text-you-text')}>
            {place.label}
          </span>
          <span className="tabular w-14 shrink-0 text-right" title={item.count.exact ? undefined : 'Estimated'}>
            {item.count.exact ? '' : '≈ '}
            {formatTokens(item.count.tokens)}
          </span>
        </summary>
        {isOpen && (
          <div className="px-1.5 pb-2 pl-6">
            <p className="m-0 mb-1.5 text-meta text-muted">
              {item.why} {place.hint}
            </p>
            {item.text !== '' && (
              <ScrollBox
                aria-label={`All of ${item.title}`}
                className="max-h-80 overflow-auto rounded-md bg-sunken px-3 py-2"
              >
                <pre className="m-0 whitespace-pre-wrap break-words text-code">
                  <VisibleText text={item.text.slice(0, maxShown)} />
                  {item.text.length > maxShown && `\n… ${item.text.length - maxShown} more characters`}
                </pre>
              </ScrollBox>
            )}
            {item.pictures?.map((address, index) => (
              <img
                key={index}
                src={address}
                alt={`Sent with it, number ${index + 1}`}
                className="mt-2 block max-h-80 max-w-full rounded-md border border-line"
              />
            ))}
          </div>
        )}
      </details>
    </li>
  )
}
