'use client'

import { Check, EyeOff, FlaskConical } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useSession } from '@/components/session-context'
import { Button } from '@/components/ui/button'
import { useReason } from '@/components/use-standing'
import { useWorkbench } from '@/components/workbench-context'
import type { TestCheck, TriedMutant } from '@/lib/agent/candidates/mutation-check'
import { isAbort, messageOf } from '@/lib/base'
import { Disclosure } from '../../disclosure'
import { VisibleText } from '../../text/visible-text'
import { Place } from '../place'

type State =
  | { kind: 'idle' }
  | { kind: 'running'; done: number; total: number | null }
  | { kind: 'ended'; check: TestCheck }

/** Offers to break the turn's changes on a fork, to see what its passing tests are worth. */
export function TestCheckOffer({ turnId }: { turnId: string }) {
  const session = useSession()
  const reason = useReason()
  const [state, setState] = useState<State>({ kind: 'idle' })
  const running = useRef<AbortController | null>(null)
  useEffect(() => () => running.current?.abort(), [])

  const start = async () => {
    const controller = new AbortController()
    running.current = controller
    setState({ kind: 'running', done: 0, total: null })
    try {
      const onProgress = (done: number, total: number) => setState({ kind: 'running', done, total })
      setState({ kind: 'ended', check: await session.checkTests(turnId, { signal: controller.signal, onProgress }) })
    } catch (error) {
      if (controller.signal.aborted || isAbort(error)) setState({ kind: 'idle' })
      else setState({ kind: 'ended', check: { kind: 'not-checked', why: messageOf(error) } })
    }
  }

  if (state.kind === 'idle') {
    return (
      <Button
        tone="quiet"
        size="sm"
        className="self-start"
        disabled={reason !== undefined}
        title={reason ?? 'Breaks the changed lines in small ways, on a copy, and tells whether any test notices'}
        onClick={start}
      >
        <FlaskConical size={12} aria-hidden />
        Check the tests
      </Button>
    )
  }
  if (state.kind === 'running') {
    return (
      <p role="status" className="tabular m-0 flex items-center gap-2 text-meta text-muted">
        <span>
          Breaking the change on a copy{state.total === null ? '' : `, ${state.done} of ${state.total} ways tried`}
        </span>
        <Button tone="quiet" size="sm" onClick={() => running.current?.abort()}>
          Stop
        </Button>
      </p>
    )
  }
  return <Outcome check={state.check} />
}

function Outcome({ check }: { check: TestCheck }) {
  const workbench = useWorkbench()
  if (check.kind === 'not-checked') {
    return (
      <p role="status" className="m-0 text-meta text-muted">
        The tests could not be checked. {check.why}
      </p>
    )
  }
  const unnoticed = check.tried.filter(({ noticedBy }) => noticedBy === null)
  const isGood = unnoticed.length === 0
  return (
    <div className="flex flex-col gap-1">
      <p role="status" className={`tabular m-0 text-meta ${isGood ? 'text-ok-text' : 'text-warn-text'}`}>
        The tests notice {check.noticed} of {check.tried.length} ways to break the change.
      </p>
      <Disclosure label={isGood ? 'What was tried' : 'What nobody would have noticed'}>
        <ul className="m-0 mt-1 flex list-none flex-col gap-1 p-0">
          {[...unnoticed, ...check.tried.filter(({ noticedBy }) => noticedBy !== null)].map((mutant) => (
            <MutantItem key={`${mutant.path}:${mutant.line}:${mutant.column}:${mutant.after}`} mutant={mutant} />
          ))}
        </ul>
      </Disclosure>
      {!isGood && (
        <Button tone="quiet" size="sm" className="self-start" onClick={() => workbench.compose(requestFor(unnoticed))}>
          Ask for tests that do
        </Button>
      )}
    </div>
  )
}

function MutantItem({ mutant }: { mutant: TriedMutant }) {
  const { path, line, column, before, after, noticedBy } = mutant
  const Icon = noticedBy === null ? EyeOff : Check
  return (
    <li className="flex gap-1.5">
      <Icon
        size={12}
        role="img"
        aria-label={noticedBy === null ? 'not noticed' : 'noticed'}
        className={`mt-1 shrink-0 ${noticedBy === null ? 'text-warn-text' : 'text-ok-text'}`}
      />
      <span className="min-w-0 break-words">
        <Place file={path} line={line} column={column} />{' '}
        <code className="text-text">
          <VisibleText text={before} />
        </code>{' '}
        became{' '}
        <code className="text-text">
          <VisibleText text={after} />
        </code>
        {noticedBy !== null && <span className="text-muted">, noticed by {noticedBy}</span>}
      </span>
    </li>
  )
}

function requestFor(unnoticed: readonly TriedMutant[]): string {
  const lines = unnoticed.map(
    ({ path, line, before, after }) => `- ${path}:${line}: \`${before}\` becomes \`${after}\``,
  )
  return ['Add tests that fail when the code is broken in these ways; leave the code as it is:', ...lines].join('\n')
}
