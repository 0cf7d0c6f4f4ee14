import clsx from 'clsx'
import type { SlashCommand } from './slash-commands'

export interface SlashMenuProps {
  id: string
  commands: readonly SlashCommand[]
  active: number
  onChoose: (command: SlashCommand) => void
}

export const slashOptionId = (listId: string, index: number) => `${listId}-${index}`

/** The commands that what is typed may become. The text area keeps the focus and moves `active`. */
export function SlashMenu({ id, commands, active, onChoose }: SlashMenuProps) {
  return (
    <div
      id={id}
      role="listbox"
      aria-label="Commands"
      className="m-1 max-h-56 overflow-y-auto border-line border-b pb-1"
    >
      {commands.map((command, index) => (
        <div
          key={command.name}
          id={slashOptionId(id, index)}
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          ref={index === active ? keepInView : undefined}
          // Before the text area loses the focus.
          onPointerDown={(event) => {
            event.preventDefault()
            onChoose(command)
          }}
          className={clsx(
            'flex min-h-7 cursor-pointer items-baseline gap-2 rounded-md px-2 py-1 touch:min-h-11 touch:items-center',
            index === active ? 'bg-selected' : 'hover:bg-hover',
          )}
        >
          <span className="shrink-0 font-medium">
            /{command.name}
            {command.argument && <span className="font-normal text-muted"> {command.argument}</span>}
          </span>
          <span className="min-w-0 flex-1 truncate text-meta text-muted">{command.hint}</span>
        </div>
      ))}
    </div>
  )
}

function keepInView(element: HTMLElement | null) {
  element?.scrollIntoView({ block: 'nearest' })
}
