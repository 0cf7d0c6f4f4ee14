import clsx from 'clsx'
import type { ReactNode } from 'react'

export type Tone = 'neutral' | 'you' | 'agent' | 'ok' | 'warn' | 'bad'

const tones: Record<Tone, string> = {
  neutral: 'bg-sunken text-muted border-line',
  you: 'bg-you-surface text-you-text border-you-line',
  agent: 'bg-agent-surface text-agent-text border-agent-line',
  ok: 'bg-ok-surface text-ok-text border-ok-line',
  warn: 'bg-warn-surface text-warn-text border-warn-line',
  bad: 'bg-bad-surface text-bad-text border-bad-line',
}

export function Badge({
  tone = 'neutral',
  title,
  className,
  children,
}: {
  tone?: Tone
  title?: string
  className?: string
  children: ReactNode
}) {
  return (
    <span
      title={title}
      className={clsx(
        'tabular inline-flex h-[18px] items-center gap-1 whitespace-nowrap rounded-full border px-1.5 font-medium text-[11px] leading-none',
        tones[tone],
        className,
      )}
    >
      {children}
    </span>
  )
}
