'use client'

import { Pause, Play, SkipBack, SkipForward, X } from 'lucide-react'
import { useEffect } from 'react'
import { useSession } from '@/components/session-context'
import { IconButton } from '@/components/ui/icon-button'
import { useStore } from '@/components/use-store'
import type { AgentEvent } from '@/lib/agent'
import { formatDuration } from '../format'
import { momentsOf, replayOf } from './replay'

/** A pause between two steps is shown as it was, but never longer than this. Milliseconds. */
const longestPauseMs = 1200
const shortestPauseMs = 150

/** Moves through the conversation, in the composer's place. */
export function ReplayBar({ events, position }: { events: readonly AgentEvent[]; position: number }) {
  const replay = replayOf(useSession())
  const playing = useStore(replay, (state) => state.playing)
  const counts = momentsOf(events)
  const last = counts.length
  const at = (index: number) => events[(counts[index - 1] ?? 1) - 1]?.at ?? 0
  const show = (next: number) => replay.setState({ position: Math.max(0, Math.min(last, next)), playing: false })
  const pauseMs = Math.min(longestPauseMs, Math.max(shortestPauseMs, at(position + 1) - at(position)))

  useEffect(() => {
    if (!playing) return
    if (position >= last) return replay.setState({ playing: false })
    const timer = setTimeout(() => replay.setState({ position: position + 1 }), pauseMs)
    return () => clearTimeout(timer)
  }, [replay, playing, position, last, pauseMs])

  const toggle = () => replay.setState({ playing: !playing, position: position >= last && !playing ? 0 : position })
  return (
    <fieldset
      aria-label="Replay"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.preventDefault()
        replay.setState({ position: null, playing: false })
      }}
      className="m-0 flex min-w-0 flex-col gap-1 rounded-lg border border-line-strong bg-raised px-2 py-1.5"
    >
      <div className="flex items-center gap-1">
        <IconButton label="Step back" onClick={() => show(position - 1)} disabled={position === 0}>
          <SkipBack size={14} aria-hidden />
        </IconButton>
        <IconButton label={playing ? 'Pause' : 'Play'} onClick={toggle}>
          {playing ? <Pause size={15} aria-hidden /> : <Play size={15} aria-hidden />}
        </IconButton>
        <IconButton label="Step forward" onClick={() => show(position + 1)} disabled={position >= last}>
          <SkipForward size={14} aria-hidden />
        </IconButton>
        <p className="tabular m-0 min-w-0 flex-1 truncate px-1 text-meta text-muted">
          Replay: step {position} of {last}
          {position > 0 && ` · ${formatDuration(at(position) - at(1))}`}
        </p>
        <IconButton
          label="End the replay"
          keys="Esc"
          onClick={() => replay.setState({ position: null, playing: false })}
        >
          <X size={15} aria-hidden />
        </IconButton>
      </div>
      <input
        type="range"
        // biome-ignore lint/a11y/noAutofocus: the user has just asked for the replay; arrow keys move through it
        autoFocus
        aria-label="Step of the conversation"
        aria-valuetext={`Step ${position} of ${last}`}
        min={0}
        max={last}
        value={position}
        onChange={(event) => show(event.target.valueAsNumber)}
        className="m-0 w-full accent-agent"
      />
    </fieldset>
  )
}
