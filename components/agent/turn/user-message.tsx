import type { TurnMode } from '@/lib/agent'

const modeLabels: Record<TurnMode, string | null> = { ask: 'Ask', plan: 'Plan', edit: null }

/** What the user wrote, as written: no markdown, line breaks kept. */
export function UserMessage({ text, mode }: { text: string; mode: TurnMode }) {
  const label = modeLabels[mode]
  return (
    <div className="self-end rounded-lg rounded-br-sm bg-you-surface px-3 py-2 text-chat text-text">
      <span className="sr-only">You: </span>
      <p className="m-0 whitespace-pre-wrap break-words">{text}</p>
      {label !== null && <p className="m-0 mt-1 text-meta text-you-text">{label} mode</p>}
    </div>
  )
}
