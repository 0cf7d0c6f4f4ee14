'use client'

import { useState } from 'react'
import { DiffLines } from '@/components/review/hunk/diff-lines'
import { patchRows } from '@/components/review/hunk/diff-rows'
import { useSession } from '@/components/session-context'
import { Button } from '@/components/ui/button'
import { useStore } from '@/components/use-store'
import type { ToolPart } from '@/lib/agent'
import { CopyButton } from '../../copy-button'
import { Disclosure } from '../../disclosure'
import { RestoreDialog } from '../../header/restore-dialog'
import { ScrollBox } from '../../scroll-box'
import { plainOutput } from '../../text/plain-output'
import { VisibleText } from '../../text/visible-text'
import { TestResults } from '../checks/test-results'
import { VerificationDetails } from '../checks/verification-details'
import { checkpointAfter } from '../step-checkpoint'
import { useFork } from '../use-fork'
import { commandOf, patchOf, prettyInput } from './tool-input'

const liveRows = 16

/** Everything about one call: what went in, what came out, what was checked. */
export function ToolDetails({ part }: { part: ToolPart }) {
  const { result } = part
  const verification = result?.verification
  return (
    <div className="flex flex-col border-line border-t">
      <ToolInput part={part} />
      {verification && <VerificationDetails verification={verification} />}
      {verification?.tests && <TestResults report={verification.tests} />}
      <ToolOutput part={part} />
      {result?.image && <Picture address={result.image} />}
      {result && <StepActions callId={part.key} />}
    </div>
  )
}

/** Not for what attempts called: that is in no conversation of its own. */
function StepActions({ callId }: { callId: string }) {
  const { agent, threads, checkpoints } = useSession()
  const fork = useFork()
  const canFork = useStore(
    agent.state,
    ({ running, events }) => !running && events.some((event) => event.type === 'tool-end' && event.callId === callId),
  )
  const saved = useStore(agent.state, ({ running, events }) => (running ? null : checkpointAfter(events, callId)))
  const checkpoint = useStore(checkpoints.state, ({ list }) => list.find(({ id }) => id === saved))
  const [isRestoring, setRestoring] = useState(false)
  if (!canFork) return null
  return (
    <div className="flex flex-wrap justify-end gap-1 border-line border-t px-2 py-1">
      {checkpoint && (
        <Button size="sm" tone="quiet" onClick={() => setRestoring(true)}>
          Go back to this step…
        </Button>
      )}
      <Button size="sm" tone="quiet" onClick={() => fork(threads.forkAfterCall(callId))}>
        Fork after this step
      </Button>
      {isRestoring && checkpoint && <RestoreDialog checkpoint={checkpoint} onClose={() => setRestoring(false)} />}
    </div>
  )
}

function ToolInput({ part }: { part: ToolPart }) {
  const patch = part.tool === 'apply_patch' ? patchOf(part.input) : null
  if (patch !== null) {
    const rows = patchRows(patch)
    // While it is being written, its end is what there is to see.
    return <DiffLines rows={part.state === 'writing' ? rows.slice(-liveRows) : rows} label="Patch" />
  }
  const command = part.tool === 'shell' ? commandOf(part.input) : null
  if (command !== null) return <TextBlock label="Command" text={command} prefix="$ " />
  return part.input === '' ? null : <TextBlock label="Input" text={prettyInput(part.input)} />
}

function ToolOutput({ part }: { part: ToolPart }) {
  const text = plainOutput(part.output || (part.result?.output ?? '')).trimEnd()
  if (text === '') return null
  // The report above says it better than its text.
  if (part.result?.verification?.tests && part.output === '') {
    return (
      <Disclosure label="What the model was told" className="border-line border-t px-3 py-1.5">
        <TextBlock label="Output" text={text} />
      </Disclosure>
    )
  }
  return <TextBlock label="Output" text={text} />
}

function Picture({ address }: { address: string }) {
  return (
    <ScrollBox aria-label="Screenshot" className="max-h-96 overflow-auto border-line border-t bg-sunken p-3">
      <img
        src={address}
        alt="The page as the agent saw it"
        className="block max-w-full rounded-md border border-line"
      />
    </ScrollBox>
  )
}

function TextBlock({ label, text, prefix = '' }: { label: string; text: string; prefix?: string }) {
  return (
    <div className="relative border-line not-first:border-t bg-bg">
      <ScrollBox aria-label={label} className="max-h-72 overflow-auto focus-visible:-outline-offset-2">
        <pre className="m-0 whitespace-pre-wrap break-words py-2 pr-9 pl-3 text-[12px] leading-[18px]">
          {prefix !== '' && (
            <span aria-hidden className="select-none text-muted">
              {prefix}
            </span>
          )}
          <VisibleText text={text} />
        </pre>
      </ScrollBox>
      <div className="absolute top-1 right-1">
        <CopyButton text={text} label={`Copy ${label.toLowerCase()}`} />
      </div>
    </div>
  )
}
