'use client'
import { Command as Cmdk, useCommandState } from 'cmdk'
import { Dialog as Radix } from 'radix-ui'
import { useMemo, useRef, useState } from 'react'
import { basename, dirname } from '@/lib/base'
import { isAvailable } from '../commands/command'
import { commands } from '../commands/commands'
import { keysLabel } from '../keys'
import { FileIcon } from '../tree/file-icon'
import { Kbd } from '../ui/kbd'
import { useCommandContext } from '../use-commands'
import { rankFiles } from './rank-files'

/** Quick open and the command palette in one: what begins with `>` is a command, all else a file (`name:12` goes to a line). */
export function Palette({ mode, onClose }: { mode: 'commands' | 'quick-open'; onClose: () => void }) {
  const [text, setText] = useState(mode === 'commands' ? '>' : '')
  const isCommand = text.startsWith('>')
  const input = useRef<HTMLInputElement>(null)
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-[oklch(0.1_0.01_265/0.28)]" />
        <Radix.Content
          aria-describedby={undefined}
          onOpenAutoFocus={(event) => {
            // Radix would select the `>`, and the first letter would replace it.
            event.preventDefault()
            input.current?.focus()
            input.current?.setSelectionRange(text.length, text.length)
          }}
          className="appear fixed top-[10dvh] left-1/2 z-40 w-[min(560px,calc(100vw-24px))] -translate-x-1/2 overflow-hidden rounded-lg bg-raised shadow-float"
        >
          <Radix.Title className="sr-only">{isCommand ? 'Commands' : 'Go to file'}</Radix.Title>
          <Cmdk label={isCommand ? 'Commands' : 'Files'} shouldFilter={isCommand} loop>
            <Cmdk.Input
              ref={input}
              value={text}
              onValueChange={setText}
              placeholder="Type a file name, or > for commands"
              className="h-11 w-full border-line border-b bg-transparent px-4 text-chat outline-none placeholder:text-muted"
            />
            <NothingFound isCommand={isCommand} />
            <Cmdk.List className="max-h-[min(60dvh,400px)] overflow-y-auto p-1.5 empty:p-0">
              {isCommand ? <CommandItems onClose={onClose} /> : <FileItems text={text} onClose={onClose} />}
            </Cmdk.List>
          </Cmdk>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

const itemClass =
  'flex min-h-8 items-center gap-2.5 rounded-md px-2.5 text-ui data-[selected=true]:bg-selected touch:min-h-11'

function CommandItems({ onClose }: { onClose: () => void }) {
  const context = useCommandContext()
  return (
    <>
      {commands
        .filter((command) => command.id !== 'go.command' && isAvailable(command, context))
        .map((command) => (
          <Cmdk.Item
            key={command.id}
            value={`> ${command.group} ${command.title}`}
            onSelect={() => {
              onClose()
              // The palette gives the focus back first; a command may take it.
              setTimeout(() => void command.run(context))
            }}
            className={itemClass}
          >
            <span className="w-16 shrink-0 text-meta text-muted">{command.group}</span>
            <span className="min-w-0 flex-1 truncate">{command.title}</span>
            {command.keys && <Kbd keys={keysLabel(command.keys)} />}
          </Cmdk.Item>
        ))}
    </>
  )
}

/** Outside of the list: a listbox may hold nothing but options. */
function NothingFound({ isCommand }: { isCommand: boolean }) {
  const count = useCommandState((state) => state.filtered.count)
  return count > 0 ? null : (
    <p role="status" className="m-0 px-2.5 py-6 text-center text-muted">
      {isCommand ? 'No command is called that.' : 'No file is called that. Begin with > for commands.'}
    </p>
  )
}

function FileItems({ text, onClose }: { text: string; onClose: () => void }) {
  const { session, workbench } = useCommandContext()
  const [name = '', line] = text.split(':')
  const { paths: open } = workbench.state.getState().tabs
  const found = useMemo(() => {
    const ranked = rankFiles(session.workspace.files.keys(), name)
    return name === '' ? [...open, ...ranked.filter((path) => !open.includes(path))] : ranked
  }, [session, name, open])
  const place = line === undefined ? undefined : { line: Math.max(1, Number.parseInt(line, 10) || 1) }
  return (
    <>
      {found.map((path) => (
        <Cmdk.Item
          key={path}
          value={path}
          onSelect={() => {
            onClose()
            setTimeout(() => workbench.openFile(path, { keep: true, place }))
          }}
          className={itemClass}
        >
          <FileIcon path={path} />
          <span className="whitespace-nowrap">{basename(path)}</span>
          <span className="min-w-0 flex-1 truncate text-meta text-muted">{dirname(path)}</span>
        </Cmdk.Item>
      ))}
    </>
  )
}
