'use client'

import clsx from 'clsx'
import { Check, ChevronDown, Cpu, KeyRound } from 'lucide-react'
import { RadioGroup } from 'radix-ui'
import { type ReactNode, useId, useState } from 'react'
import { useSession } from '@/components/session-context'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Popover } from '@/components/ui/popover'
import { Segmented } from '@/components/ui/segmented'
import { useStore } from '@/components/use-store'
import { useWorkbench } from '@/components/workbench-context'
import type { ModelInfo } from '@/lib/models'
import { useAttempt } from '../use-attempt'
import { defaultLabel, describeLimits, effortLabels, factsOf, verbosityLabels } from './model-facts'

/** Which model answers, how hard it thinks, how much it says, what it may use up, and with whose key. */
export function ModelMenu() {
  const [open, setOpen] = useState(false)
  const { agent } = useSession()
  const model = useStore(agent.state, (state) => state.model)
  const models = useStore(agent.state, (state) => state.models)
  const effort = useStore(agent.state, (state) => state.effort)
  const ownKey = useStore(agent.state, (state) => state.ownKey)
  const download = useStore(agent.state, (state) => state.download)
  const info = models.find(({ id }) => id === model)
  const shownEffort = info?.efforts?.find((each) => each === effort)
  return (
    <Popover
      label="Model"
      open={open}
      onOpenChange={setOpen}
      className="max-h-[min(640px,80dvh)] w-[min(340px,calc(100vw-16px))]"
      trigger={
        <button
          type="button"
          aria-label={`Model: ${info?.label ?? 'none'}${ownKey === 'none' ? '' : ', with your own key'}`}
          className="inline-flex h-7 min-w-0 items-center gap-1 rounded-md px-1.5 text-meta text-muted transition-colors duration-120 hover:bg-hover hover:text-text touch:h-11"
        >
          {info?.kind === 'device' && <Cpu size={12} aria-hidden className="shrink-0" />}
          {ownKey !== 'none' && info?.kind !== 'device' && (
            <KeyRound size={12} aria-hidden className="shrink-0 text-you-text" />
          )}
          <span className="truncate">{info?.label ?? 'No model yet'}</span>
          {shownEffort && <span className="shrink-0">· {effortLabels[shownEffort].toLowerCase()}</span>}
          {download !== null && (
            <span
              role="progressbar"
              aria-label="The browser fetches its model"
              aria-valuenow={Math.round(download * 100)}
              className="tabular shrink-0 text-you-text"
            >
              {Math.round(download * 100)} %
            </span>
          )}
          <ChevronDown size={12} aria-hidden className="shrink-0 opacity-70" />
        </button>
      }
    >
      <ModelPane onClose={() => setOpen(false)} />
    </Popover>
  )
}

function ModelPane({ onClose }: { onClose: () => void }) {
  const { agent } = useSession()
  const workbench = useWorkbench()
  const model = useStore(agent.state, (state) => state.model)
  const models = useStore(agent.state, (state) => state.models)
  const effort = useStore(agent.state, (state) => state.effort)
  const verbosity = useStore(agent.state, (state) => state.verbosity)
  const limits = useStore(agent.state, (state) => state.limits)
  const running = useStore(agent.state, (state) => state.running)
  const { efforts = [], verbosities = [] } = models.find(({ id }) => id === model) ?? {}
  const openOverlay = (overlay: 'limits' | 'connect') => {
    onClose()
    workbench.setOverlay(overlay)
  }
  return (
    <>
      <ModelList models={models} model={model} disabled={running} />
      {models.some(({ price }) => price !== null && price.output > 0) && (
        <p className="m-0 pt-0.5 pb-1.5 pl-[30px] text-meta text-muted">Prices are per million tokens.</p>
      )}
      {running && (
        <p className="m-0 px-2 pb-1.5 text-meta text-muted">The model can be changed when the turn is done.</p>
      )}
      {efforts.length > 0 && (
        <Setting label="Thinking">
          <Segmented
            label="Thinking"
            value={efforts.find((each) => each === effort) ?? defaultLabel}
            options={withDefault(efforts.map((value) => ({ value, label: effortLabels[value] })))}
            onChange={(value) => agent.setSettings({ effort: efforts.find((each) => each === value) })}
          />
        </Setting>
      )}
      {verbosities.length > 0 && (
        <Setting label="Length of answers">
          <Segmented
            label="Length of answers"
            value={verbosities.find((each) => each === verbosity) ?? defaultLabel}
            options={withDefault(verbosities.map((value) => ({ value, label: verbosityLabels[value] })))}
            onChange={(value) => agent.setSettings({ verbosity: verbosities.find((each) => each === value) })}
          />
        </Setting>
      )}
      <Setting label="Limits">
        <div className="flex items-start gap-2 px-1">
          <p className="tabular m-0 min-w-0 flex-1 text-meta">
            A turn: {describeLimits(limits.turn)}
            <span className="block text-muted">This conversation: {describeLimits(limits.thread)}</span>
          </p>
          <Button size="sm" onClick={() => openOverlay('limits')}>
            Change…
          </Button>
        </div>
      </Setting>
      <KeySetting onConnect={() => openOverlay('connect')} />
    </>
  )
}

function withDefault<Value extends string>(options: { value: Value; label: string }[]) {
  return [{ value: defaultLabel as Value | typeof defaultLabel, label: 'Default' }, ...options]
}

function Setting({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="border-line border-t px-1 py-2">
      <p aria-hidden className="m-0 mb-1 px-1 text-meta text-muted">
        {label}
      </p>
      {children}
    </div>
  )
}

function KeySetting({ onConnect }: { onConnect: () => void }) {
  const { agent } = useSession()
  const attempt = useAttempt()
  const place = useStore(agent.state, (state) => state.ownKey)
  if (place === 'none') {
    return (
      <div className="border-line border-t px-1 pt-1">
        <Button tone="quiet" className="w-full justify-start!" onClick={onConnect}>
          <KeyRound size={13} aria-hidden />
          Connect a model…
        </Button>
      </div>
    )
  }
  return (
    <div className="flex items-center gap-2 border-line border-t px-2 py-2">
      <KeyRound size={13} aria-hidden className="shrink-0 text-you-text" />
      <p className="m-0 min-w-0 flex-1 text-meta">
        Your own key is in use
        <span className="block text-muted">
          {place === 'tab' ? 'until this tab is closed' : 'until this page is reloaded'}
        </span>
      </p>
      <Button size="sm" onClick={() => attempt(agent.forgetOwnKey())}>
        Forget key
      </Button>
    </div>
  )
}

function ModelList({ models, model, disabled }: { models: readonly ModelInfo[]; model: string; disabled: boolean }) {
  const { agent } = useSession()
  const hintId = useId()
  if (models.length === 0) return <p className="m-0 px-2 py-1.5 text-muted">The list of models has not come.</p>
  return (
    <RadioGroup.Root
      aria-label="Model"
      value={model}
      onValueChange={agent.setModel}
      disabled={disabled}
      className="max-h-64 overflow-y-auto"
    >
      {models.map((info, index) => (
        <RadioGroup.Item
          key={info.id}
          value={info.id}
          aria-label={info.label}
          aria-describedby={`${hintId}-${index}`}
          className={clsx(
            'flex w-full items-start gap-2 rounded-md px-2 py-1 text-left text-ui disabled:opacity-60 touch:min-h-11',
            !disabled && 'hover:bg-selected',
          )}
        >
          <span className="flex h-5 w-3.5 shrink-0 items-center">
            <RadioGroup.Indicator>
              <Check size={14} aria-hidden />
            </RadioGroup.Indicator>
          </span>
          <span className="min-w-0 flex-1">
            <span className="flex items-center gap-1.5">
              <span className="truncate">{info.label}</span>
              {info.kind === 'device' && <Badge>On this device</Badge>}
            </span>
            <span id={`${hintId}-${index}`} className="tabular block text-meta text-muted">
              {factsOf(info)}
            </span>
          </span>
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  )
}
