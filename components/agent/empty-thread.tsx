'use client'

import { ArrowUpRight } from 'lucide-react'
import { useSession } from '@/components/session-context'
import { useStanding } from '@/components/use-standing'
import { useStore } from '@/components/use-store'
import { useWorkbench } from '@/components/workbench-context'
import { promptsFor } from './prompts-for'
import { useAttempt } from './use-attempt'

/** What the agent can do, and something to press. */
export function EmptyThread() {
  const { agent, project } = useSession()
  const attempt = useAttempt()
  const template = useStore(project, (state) => state.meta.template)
  const isScripted = useStore(
    agent.state,
    ({ models, model }) => models.find(({ id }) => id === model)?.kind === 'scripted',
  )
  const isBlocked = useStanding() !== null
  return (
    <div className="mt-auto flex flex-col gap-4">
      <div>
        <p className="m-0 font-semibold text-title">What shall we make?</p>
        <p className="m-0 mt-1 text-balance text-muted">
          The agent reads, edits and runs this project in your tab. Every change is tested here before it counts as
          done, and every step can be taken back.
        </p>
      </div>
      {!isBlocked && (
        <ul aria-label="Things to try" className="m-0 flex list-none flex-col gap-1.5 p-0">
          {promptsFor(template, isScripted).map(({ id, title, prompt, candidates }) => (
            <li key={id}>
              <button
                type="button"
                onClick={() => attempt(agent.send(prompt, { candidates }))}
                className="group flex w-full items-start gap-3 rounded-lg border bg-raised px-3 py-2 text-left transition-colors duration-120 hover:border-line-strong"
              >
                <span className="min-w-0 flex-1">
                  <span className="block font-medium">{title}</span>
                  <span className="block truncate text-meta text-muted">{prompt}</span>
                </span>
                <ArrowUpRight size={14} aria-hidden className="mt-1 shrink-0 text-muted group-hover:text-text" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <Notes isScripted={isScripted} />
    </div>
  )
}

function Notes({ isScripted }: { isScripted: boolean }) {
  const { agent } = useSession()
  const filters = useStore(agent.state, (state) => state.filters)
  const workbench = useWorkbench()
  return (
    <div className="flex flex-col gap-1 text-meta text-muted">
      {isScripted && (
        <p className="m-0">
          The demo model follows a script and knows only a few tasks.{' '}
          <button type="button" className="agent-link" onClick={() => workbench.setOverlay('connect')}>
            Connect a model
          </button>
        </p>
      )}
      {filters === 'basic' && (
        <p className="m-0">
          Filters: basic. Secrets, code and commands are checked by rules here; no moderation service is connected.
        </p>
      )}
    </div>
  )
}
