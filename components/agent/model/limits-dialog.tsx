'use client'

import { type FormEvent, useMemo, useState } from 'react'
import { useSession } from '@/components/session-context'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Input } from '@/components/ui/input'
import { useStore } from '@/components/use-store'
import { defaultLimits, type LimitName, type LimitScope, limitNames } from '@/lib/agent/limits/limits'
import { createMeter } from '@/lib/agent/limits/meter'
import { plural } from '@/lib/base'
import { formatCost, formatDuration, formatTokens } from '../format'
import { type LimitTexts, readTexts, toTexts } from './limit-texts'

const rows: Record<LimitName, { label: string; unit: string }> = {
  steps: { label: 'Steps', unit: 'steps' },
  tokens: { label: 'Tokens', unit: 'tokens' },
  seconds: { label: 'Minutes', unit: 'minutes' },
  dollars: { label: 'Dollars', unit: 'dollars' },
}

/** What a turn and a conversation may use before they stop and ask. */
export function LimitsDialog({ onClose }: { onClose: () => void }) {
  const { agent } = useSession()
  const limits = useStore(agent.state, (state) => state.limits)
  const [texts, setTexts] = useState<LimitTexts>(() => toTexts(limits))
  const [failure, setFailure] = useState<string | null>(null)
  const save = (event: FormEvent) => {
    event.preventDefault()
    const read = readTexts(texts)
    if (!read.ok) return setFailure(read.message)
    agent.setSettings({ limits: read.limits })
    onClose()
  }
  const change = (scope: LimitScope, name: LimitName, value: string) =>
    setTexts((before) => ({ ...before, [scope]: { ...before[scope], [name]: value } }))
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Limits"
      description="A turn that meets one stops after its step and offers to go on. An empty field sets no limit; 10M is ten million."
    >
      <form onSubmit={save}>
        <table className="w-full border-collapse">
          <thead className="text-left text-meta text-muted">
            <tr>
              <td />
              <th scope="col" className="pb-1 font-normal">
                A turn
              </th>
              <th scope="col" className="pb-1 pl-2 font-normal">
                This conversation
              </th>
            </tr>
          </thead>
          <tbody>
            {limitNames.map((name) => (
              <tr key={name}>
                <th scope="row" className="py-1 pr-3 text-left font-normal">
                  {rows[name].label}
                </th>
                {(['turn', 'thread'] as const).map((scope) => (
                  <td key={scope} className={scope === 'thread' ? 'py-1 pl-2' : 'py-1'}>
                    <Input
                      value={texts[scope][name]}
                      onChange={(event) => change(scope, name, event.target.value)}
                      aria-label={`${scope === 'turn' ? 'A turn' : 'This conversation'}: ${rows[name].unit}`}
                      placeholder="no limit"
                      className="tabular"
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        <SoFar />
        {failure !== null && (
          <p role="alert" className="m-0 mt-2 text-bad-text">
            {failure}
          </p>
        )}
        <div className="mt-4 mb-1 flex flex-wrap justify-end gap-2">
          <Button tone="quiet" className="mr-auto" onClick={() => setTexts(toTexts(defaultLimits))}>
            Back to the defaults
          </Button>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" tone="primary">
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

function SoFar() {
  const { agent } = useSession()
  const events = useStore(agent.state, (state) => state.events)
  const model = useStore(agent.state, ({ models, model: id }) => models.find((each) => each.id === id))
  const { steps, tokens, seconds, dollars } = useMemo(() => createMeter(events).spent, [events])
  const used = [
    plural(steps, 'step'),
    `${formatTokens(tokens)} tokens`,
    formatDuration(seconds * 1000),
    ...(dollars > 0 ? [formatCost(dollars)] : []),
  ]
  return (
    <p className="tabular m-0 mt-3 text-meta text-muted">
      This conversation so far: {used.join(' · ')}. Time in which you decide does not count.
      {model && model.price === null && ` The price of ${model.label} is not known, so its cost is not counted.`}
    </p>
  )
}
