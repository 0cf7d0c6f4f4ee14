'use client'

import { Columns3, GitFork, Square } from 'lucide-react'
import dynamic from 'next/dynamic'
import { memo, useState } from 'react'
import { useSession } from '@/components/session-context'
import { Button } from '@/components/ui/button'
import { useStore } from '@/components/use-store'
import type { CandidatesPart, CandidateView } from '@/lib/agent'
import { canBeTaken, type RankReason, rankReason } from '@/lib/agent/candidates/rank'
import { describeAmount } from '@/lib/agent/limits/limit-error'
import { plural } from '@/lib/base'
import { replayOf } from '../replay/replay'
import { useAttempt } from '../use-attempt'
import { AttemptRow } from './attempt-row'

// Loaded when they are opened: most turns have one attempt.
const AttemptConversation = dynamic(
  () => import('./attempt-conversation').then(({ AttemptConversation: component }) => component),
  { ssr: false },
)
const CompareDialog = dynamic(() => import('./compare-dialog').then(({ CompareDialog: component }) => component), {
  ssr: false,
})

/** Attempts at one turn, side by side: one row each, then what to do with them. */
export const CandidatesCard = memo(function CandidatesCard({ part }: { part: CandidatesPart }) {
  const [comparing, setComparing] = useState(false)
  const [opened, setOpened] = useState<number | null>(null)
  const session = useSession()
  const isLive = useStore(session.agent.state, (state) => state.running && state.turnId === part.key)
  const isReplay = useStore(replayOf(session), ({ position }) => position !== null)
  const { pick, ranking } = part
  const isOpenEnded = isLive || isReplay
  // A reload cut what was under way; only going on with the turn says so in the thread itself.
  const candidates = isOpenEnded ? part.candidates : part.candidates.map(asCut)
  const running = candidates.filter(isOpen).length
  const shown = candidates.find(({ index }) => index === opened)
  return (
    <section
      aria-label="Attempts"
      className="glass-edge rounded-lg border bg-raised"
      data-edge={running > 0 ? 'running' : pick === null ? 'unverified' : 'none'}
    >
      <header className="flex min-h-10 items-center gap-2 py-1 pr-1.5 pl-3.5">
        <GitFork size={14} aria-hidden className="shrink-0 text-agent-text" />
        <h3 className="m-0 min-w-0 flex-1 font-medium text-ui">
          {titleOf({ ...part, candidates }, { running, isOpenEnded })}
        </h3>
        <Button
          tone="quiet"
          size="sm"
          disabled={candidates.every(({ result }) => result === null)}
          onClick={() => setComparing(true)}
        >
          <Columns3 size={12} aria-hidden />
          Compare
        </Button>
      </header>
      <ol className="m-0 list-none p-0">
        {candidates.map((candidate) => (
          <AttemptRow
            key={candidate.index}
            candidate={candidate}
            isBest={
              running === 0 &&
              pick === null &&
              ranking[0] === candidate.index &&
              candidate.result !== null &&
              canBeTaken(candidate.result)
            }
            isTaken={pick?.index === candidate.index}
            isLive={isLive}
            onOpen={() => setOpened(candidate.index)}
          />
        ))}
      </ol>
      {!part.hasTests && (
        <p className="m-0 border-line border-t px-3.5 py-2 text-meta text-muted">
          The project had no tests when the attempts began, so they are ranked by the tests they wrote, types, findings
          and size. “Check the tests” below the turn says what those tests are worth.
        </p>
      )}
      {isLive && running > 0 && candidates.some(({ result }) => result !== null && canBeTaken(result)) && (
        <EndAttempts />
      )}
      <Choice part={part} onCompare={() => setComparing(true)} />
      {comparing && <CompareDialog part={part} onClose={() => setComparing(false)} onConversation={setOpened} />}
      {shown && <AttemptConversation candidate={shown} onClose={() => setOpened(null)} />}
    </section>
  )
})

/** Enough is enough once there is something to take. */
function EndAttempts() {
  const { agent } = useSession()
  const attempt = useAttempt()
  return (
    <div className="border-line border-t px-2 py-1.5">
      <Button tone="quiet" size="sm" onClick={() => attempt(agent.endAttempts())}>
        <Square size={10} aria-hidden />
        Stop the others and choose
      </Button>
    </div>
  )
}

/** The question which one to take, while it is open. */
function Choice({ part, onCompare }: { part: CandidatesPart; onCompare: () => void }) {
  const { agent } = useSession()
  const attempt = useAttempt()
  const choice = useStore(agent.state, (state) => state.choice)
  if (choice === null || choice.turnId !== part.key) return null
  const best = choice.ranking[0]
  return (
    <div className="border-line border-t px-3.5 py-2.5">
      <p role="status" className="m-0 text-ui">
        {best === undefined
          ? 'None of the attempts can be taken.'
          : `Nothing has changed in your project yet. Attempt ${best + 1} is ahead${aheadBy(part, choice.ranking)}.`}
        {choice.limit &&
          ` None came to its end: the limit of ${describeAmount(choice.limit.limit, choice.limit.allowed)} was reached.`}
      </p>
      <div className="mt-2 flex flex-wrap gap-2">
        {choice.limit && (
          <Button tone="primary" onClick={() => attempt(agent.choose({ kind: 'again' }))}>
            Continue the attempts
            <span className="tabular font-normal">+ {describeAmount(choice.limit.limit, choice.limit.by)}</span>
          </Button>
        )}
        {best !== undefined && (
          <Button
            tone={choice.limit ? 'default' : 'primary'}
            onClick={() => attempt(agent.choose({ kind: 'take', index: best, files: [] }))}
          >
            Take attempt {best + 1}
          </Button>
        )}
        <Button onClick={onCompare}>Compare and choose</Button>
        {choice.canRunAgain && !choice.limit && (
          <Button tone="quiet" onClick={() => attempt(agent.choose({ kind: 'again' }))}>
            Run the unfinished again
          </Button>
        )}
      </div>
    </div>
  )
}

const reasons: Record<RankReason, string> = {
  finished: ': it came to its end',
  verified: ': it is verified',
  tests: ': more of its tests pass',
  types: ': it has fewer type errors',
  scan: ': the code scan finds less in it',
  work: ': it changed something',
  size: ': it does the same with fewer lines',
  order: ', as the first of equals',
}

/** What sets the first apart from the second. */
function aheadBy({ candidates }: CandidatesPart, [first, second]: readonly number[]): string {
  const resultOf = (index: number | undefined) => candidates.find((each) => each.index === index)?.result
  const [ahead, behind] = [resultOf(first), resultOf(second)]
  return ahead && behind ? reasons[rankReason(ahead, behind)] : ''
}

function titleOf(
  { candidates, pick }: CandidatesPart,
  { running, isOpenEnded }: { running: number; isOpenEnded: boolean },
): string {
  const all = plural(candidates.length, 'attempt')
  if (running > 0) return `${all} side by side, ${candidates.length - running} ended`
  if (pick === null && isOpenEnded) return `${all} ended`
  if (pick === null) {
    const cut = candidates.filter(({ result }) => result === null).length
    return `${all}, ${cut > 0 ? `${cut} cut short` : 'none taken'}`
  }
  const mixed = pick.files.length > 0 ? `, with ${plural(pick.files.length, 'file')} from others` : ''
  return `Attempt ${pick.index + 1} of ${candidates.length} taken ${pick.by === 'user' ? 'by you' : 'as the best'}${mixed}`
}

function asCut(candidate: CandidateView): CandidateView {
  return isOpen(candidate) ? { ...candidate, state: 'stopped' } : candidate
}

function isOpen({ state }: CandidateView): boolean {
  return state === 'waiting' || state === 'running'
}
