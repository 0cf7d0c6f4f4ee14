import clsx from 'clsx'
import { useId } from 'react'
import type { MentionGroup, MentionOption } from './find-mentions'

export interface MentionMenuProps {
  id: string
  options: readonly MentionOption[]
  active: number
  onChoose: (option: MentionOption) => void
}

export const mentionOptionId = (listId: string, index: number) => `${listId}-${index}`

/** What an `@` may mean, in groups. The text area keeps the focus and moves `active`. */
export function MentionMenu({ id, options, active, onChoose }: MentionMenuProps) {
  const groups = [...Map.groupBy(options.entries(), ([, { group }]) => group)]
  return (
    <div
      id={id}
      role="listbox"
      aria-label="Attach to the message"
      className="m-1 max-h-72 overflow-y-auto border-line border-b pb-1"
    >
      {groups.map(([group, entries]) => (
        <Group key={group} name={group}>
          {entries.map(([index, option]) => (
            <Option
              key={`${option.label} ${option.hint}`}
              id={mentionOptionId(id, index)}
              option={option}
              isActive={index === active}
              onChoose={onChoose}
            />
          ))}
        </Group>
      ))}
    </div>
  )
}

function Group({ name, children }: { name: MentionGroup; children: React.ReactNode }) {
  const id = useId()
  return (
    // biome-ignore lint/a11y/useSemanticElements: a listbox has groups of options, no fieldsets
    <div role="group" aria-labelledby={id}>
      <p id={id} className="m-0 px-2 pt-1.5 pb-0.5 text-meta text-muted">
        {name}
      </p>
      {children}
    </div>
  )
}

interface OptionProps {
  id: string
  option: MentionOption
  isActive: boolean
  onChoose: (option: MentionOption) => void
}

function Option({ id, option, isActive, onChoose }: OptionProps) {
  return (
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={isActive}
      ref={isActive ? keepInView : undefined}
      // Before the text area loses the focus.
      onPointerDown={(event) => {
        event.preventDefault()
        onChoose(option)
      }}
      className={clsx(
        'flex min-h-7 cursor-pointer items-baseline gap-2 rounded-md px-2 py-1 touch:min-h-11 touch:items-center',
        isActive ? 'bg-selected' : 'hover:bg-hover',
      )}
    >
      <span className="min-w-0 max-w-[70%] shrink-0 truncate">{option.label}</span>
      <span className="min-w-0 flex-1 truncate text-meta text-muted">{option.hint}</span>
    </div>
  )
}

function keepInView(element: HTMLElement | null) {
  element?.scrollIntoView({ block: 'nearest' })
}
