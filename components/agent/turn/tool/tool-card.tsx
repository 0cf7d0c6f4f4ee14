'use client'

import clsx from 'clsx'
import { ChevronRight } from 'lucide-react'
import { memo, useId, useState } from 'react'
import { patchProgress } from '@/components/review/hunk/diff-rows'
import { useSession } from '@/components/session-context'
import { useStore } from '@/components/use-store'
import type { ChangedFile, ToolPart } from '@/lib/agent'
import { formatDuration } from '../../format'
import { replayOf } from '../../replay/replay'
import { VisibleText } from '../../text/visible-text'
import { ChecksLine } from '../checks/checks-line'
import { headlineOf } from '../headline'
import { ToolDetails } from './tool-details'
import { faceOf } from './tool-face'
import { patchOf } from './tool-input'

/** What the agent does, in one line: icon, verb, target, status, time. Opens to everything that is known. */
export const ToolCard = memo(function ToolCard({ part: recorded }: { part: ToolPart }) {
  const session = useSession()
  const isRunning = useStore(session.agent.state, ({ running }) => running)
  const isPlayed = useStore(replayOf(session), ({ position }) => position !== null)
  // Of a turn that was cut off and not gone on with.
  const part: ToolPart =
    recorded.result === null && !isRunning && !isPlayed ? { ...recorded, state: 'stopped' } : recorded
  const stale = useStore(session.tests, (state) => state.stale)
  const [choice, setChoice] = useState<boolean | null>(null)
  const detailsId = useId()
  const progress = progressOf(part)
  const isOpen =
    choice ?? ((part.state === 'running' && part.output !== '') || progress !== null || Boolean(part.result?.image))
  const { icon: Icon, preparing } = faceOf(part.tool)
  const isKnown = part.state !== 'writing' && part.title !== part.tool
  const { verb, target } = headlineOf(part)
  const verification = part.result?.verification
  return (
    <div
      className={clsx(
        'glass-edge overflow-hidden rounded-lg border',
        isQuiet(part) && !isOpen ? '-my-1.5 border-transparent text-muted' : 'bg-raised',
      )}
      data-edge={edgeOf(part, stale)}
    >
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={detailsId}
        onClick={() => setChoice(!isOpen)}
        className="flex min-h-9 w-full items-center gap-2 px-3 text-left hover:bg-hover focus-visible:-outline-offset-2 touch:min-h-11"
      >
        <Icon size={14} aria-hidden className={clsx('shrink-0', isActive(part) ? 'text-agent-text' : 'text-muted')} />
        <span className="shrink-0 font-medium">{isKnown ? verb : preparing}</span>
        <code className="min-w-0 flex-1 truncate text-[12px] text-muted">
          <VisibleText text={isKnown ? target : (progress?.path ?? '')} />
        </code>
        <ToolStatus part={part} />
        <ChevronRight
          size={12}
          aria-hidden
          className={clsx('shrink-0 text-muted transition-transform duration-120', isOpen && 'rotate-90')}
        />
      </button>
      {verification && <ChecksLine verification={verification} />}
      <div id={detailsId} hidden={!isOpen}>
        {isOpen && <ToolDetails part={part} />}
      </div>
    </div>
  )
})

function ToolStatus({ part }: { part: ToolPart }) {
  const { state, result, durationMs } = part
  const counts = countsOf(result?.changes ?? []) ?? progressOf(part)
  return (
    <span className="tabular ml-auto flex shrink-0 items-center gap-2 text-meta text-muted">
      {counts !== null && (
        <span>
          <span className="text-ok-text">+{counts.additions}</span>{' '}
          <span className="text-bad-text">−{counts.deletions}</span>
        </span>
      )}
      {state === 'failed' && <span className="text-bad-text">failed</span>}
      {words[state]}
      {durationMs !== null && formatDuration(durationMs)}
    </span>
  )
}

function countsOf(changes: readonly ChangedFile[]): { additions: number; deletions: number } | null {
  if (changes.length === 0) return null
  return {
    additions: changes.reduce((sum, change) => sum + change.additions, 0),
    deletions: changes.reduce((sum, change) => sum + change.deletions, 0),
  }
}

/** What a patch that is still being written touches so far. */
function progressOf({ tool, state, input }: ToolPart) {
  const patch = tool === 'apply_patch' && state === 'writing' ? patchOf(input) : null
  return patch === null ? null : patchProgress(patch)
}

const words: Record<ToolPart['state'], string | null> = {
  writing: null,
  ready: 'next',
  waiting: 'needs you',
  running: 'running',
  done: null,
  failed: null,
  stopped: 'stopped',
}

/** Looking around is worth a line, not a card. */
function isQuiet({ state, result }: ToolPart): boolean {
  return state === 'done' && result?.verification === undefined && (result?.changes ?? []).length === 0
}

function isActive({ state }: ToolPart): boolean {
  return state === 'writing' || state === 'ready' || state === 'running'
}

/** `stale`: code has changed since the tests ran, so nothing shines as verified. */
function edgeOf(
  { state, result }: ToolPart,
  stale: boolean,
): 'none' | 'running' | 'verified' | 'unverified' | 'failed' {
  if (state === 'writing' || state === 'running') return 'running'
  if (state === 'waiting') return 'unverified'
  if (state === 'failed') return 'failed'
  const verification = result?.verification
  if (verification === undefined) return 'none'
  if (verification.verified) return stale ? 'none' : 'verified'
  return (verification.tests?.failed ?? 0) + (verification.types?.errors.length ?? 0) > 0 ? 'failed' : 'unverified'
}
