'use client'

import clsx from 'clsx'
import { useState } from 'react'
import { useSession } from '@/components/session-context'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { narrowQuery, useMediaQuery } from '@/components/use-media-query'
import { useStore } from '@/components/use-store'
import type { CandidatesPart, CandidateView } from '@/lib/agent'
import { plural } from '@/lib/base'
import { useAttempt } from '../use-attempt'
import { AttemptColumn } from './attempt-column'
import { AttemptTabs } from './attempt-tabs'
import { type Mixture, startOf, takeAll, toggleFile } from './mixture'

/** Attempts side by side: answers, checks, cost, time, and every file they changed. One is taken, with files from others. */
export function CompareDialog({
  part,
  onClose,
  onConversation,
}: {
  part: CandidatesPart
  onClose: () => void
  onConversation: (index: number) => void
}) {
  const { agent } = useSession()
  const attempt = useAttempt()
  const choice = useStore(agent.state, (state) => state.choice)
  const isNarrow = useMediaQuery(narrowQuery)
  const ended = part.candidates.filter(({ result }) => result !== null)
  const order = part.ranking.length > 0 ? [...part.ranking] : ended.map(({ index }) => index)
  const [chosen, setChosen] = useState<Mixture | null>(null)
  const [tab, setTab] = useState<number | null>(null)
  const mixture = chosen ?? startOf(part)
  const canTake = choice !== null && choice.turnId === part.key
  const canTakeThis = canTake && choice.ranking.includes(mixture.index)
  const visible = isNarrow ? [tab ?? order[0] ?? 0] : order

  const take = async () => {
    if (await attempt(agent.choose({ kind: 'take', ...mixture }))) onClose()
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={canTake ? 'Compare the attempts and take one' : 'The attempts, side by side'}
      description={
        canTake
          ? 'Best first: verified, tests, types, findings, then the smaller change. Nothing is in your project before you take it.'
          : 'Best first: verified, tests, types, findings, then the smaller change.'
      }
      className="top-[4dvh]! max-h-[92dvh]! w-[min(1360px,calc(100vw-24px))]!"
      footer={
        canTake && (
          <>
            <p role="status" className="m-0 mr-auto self-center text-meta text-muted">
              {describeMixture(mixture)}
            </p>
            <Button onClick={onClose}>Not yet</Button>
            <Button tone="primary" disabled={!canTakeThis} onClick={take}>
              {mixture.files.length > 0
                ? `Take ${mixture.index + 1} with ${plural(mixture.files.length, 'file')} from others`
                : `Take attempt ${mixture.index + 1}`}
            </Button>
          </>
        )
      }
    >
      {isNarrow && order.length > 1 && <AttemptTabs order={order} value={visible[0] ?? 0} onChange={setTab} />}
      <div
        className={clsx('grid gap-3', !isNarrow && 'overflow-x-auto pb-1')}
        style={isNarrow ? undefined : { gridTemplateColumns: `repeat(${order.length}, minmax(300px, 1fr))` }}
      >
        {visible.flatMap((index) => {
          const candidate = part.candidates.find((each) => each.index === index)
          if (candidate === undefined || candidate.result === null) return []
          return (
            <AttemptColumn
              key={index}
              candidate={candidate}
              part={part}
              mixture={mixture}
              canTake={canTake && choice.ranking.includes(index)}
              onTake={() => setChosen(takeAll(index))}
              onToggleFile={(path) => setChosen(toggleFile(mixture, path, index))}
              onConversation={() => onConversation(index)}
            />
          )
        })}
      </div>
      {stillRunning(part.candidates) && <p className="m-0 mt-2 text-meta text-muted">Others still run.</p>}
    </Dialog>
  )
}

function describeMixture({ index, files }: Mixture): string {
  if (files.length === 0) return `Attempt ${index + 1}, as it is.`
  const others = files.map((file) => `${file.path} from ${file.index + 1}`).join(', ')
  return `Attempt ${index + 1}, but ${others}. The mixture is checked again.`
}

function stillRunning(candidates: readonly CandidateView[]): boolean {
  return candidates.some(({ result }) => result === null)
}
