'use client'

import { Badge } from '@/components/ui/badge'
import type { KnownTool } from '@/lib/session/types'
import { Disclosure } from '../disclosure'
import { ScrollBox } from '../scroll-box'
import { VisibleText } from '../text/visible-text'

interface ToolRowProps {
  tool: KnownTool
  disabled: boolean
  onChange: (on: boolean) => void
}

/** One tool, in its server's words; nothing in them is hidden. */
export function ToolRow({ tool, disabled, onChange }: ToolRowProps) {
  return (
    <li className="px-3 py-1.5 not-first:border-line not-first:border-t">
      <label className="flex items-center gap-2.5 touch:min-h-11">
        <input
          type="checkbox"
          checked={tool.on}
          disabled={disabled}
          onChange={({ target }) => onChange(target.checked)}
          className="shrink-0 accent-(--you-solid)"
        />
        <span className="flex min-w-0 flex-wrap items-center gap-x-1.5">
          <code className="[overflow-wrap:anywhere]">{tool.name}</code>
          {tool.readOnly && <Badge title="The server says so; nobody has checked it.">says it only reads</Badge>}
          {tool.news === 'new' && <Badge tone="warn">new: look before you switch it on</Badge>}
          {tool.news === 'changed' && <Badge tone="warn">changed: look before you switch it on</Badge>}
        </span>
      </label>
      <div className="pl-[23px]">
        {tool.description !== '' && (
          <p className="m-0 line-clamp-4 whitespace-pre-line text-meta text-muted [overflow-wrap:anywhere] hover:line-clamp-none">
            <VisibleText text={tool.description} />
          </p>
        )}
        <Disclosure label="Arguments">
          <ScrollBox
            aria-label={`Arguments of ${tool.name}`}
            className="mt-1 max-h-48 overflow-auto rounded-md bg-sunken px-2 py-1.5"
          >
            <pre className="m-0 whitespace-pre-wrap text-[12px] leading-[18px] [overflow-wrap:anywhere]">
              <VisibleText text={JSON.stringify(tool.inputSchema, null, 2)} />
            </pre>
          </ScrollBox>
        </Disclosure>
      </div>
    </li>
  )
}
