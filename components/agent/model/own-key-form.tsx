'use client'

import { KeyRound } from 'lucide-react'
import { type FormEvent, useId, useState } from 'react'
import { useSession } from '@/components/session-context'
import { Button } from '@/components/ui/button'
import { Input } from '@/components/ui/input'
import { useStore } from '@/components/use-store'
import { messageOf } from '@/lib/base'
import { isReadableOnItsWay, KeepInTab, ReadableOnItsWay } from '../secret-entry'
import { useAttempt } from '../use-attempt'

/** Takes a key of the user's own, tries it, and never shows it again. */
export function OwnKeyForm() {
  const { agent } = useSession()
  const ownKeys = useStore(agent.state, (state) => state.ownKeys)
  const place = useStore(agent.state, (state) => state.ownKey)
  if (ownKeys === 'off') return null
  const to = ownKeys === 'openai' ? 'OpenAI' : 'the model server that its operator chose'
  return (
    <section>
      <h3 className="m-0 font-semibold text-ui">Your own key</h3>
      <p className="m-0 mt-0.5 mb-2 text-muted">
        It goes with each request to this Vitrine’s server, which passes it on to {to} and forgets it. It is in no
        project, conversation, export or link.
      </p>
      {place === 'none' ? <KeyEntry /> : <KeyInUse keptInTab={place === 'tab'} />}
    </section>
  )
}

function KeyEntry() {
  const { agent } = useSession()
  const errorId = useId()
  const [key, setKey] = useState('')
  const [keepInTab, setKeepInTab] = useState(false)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  const isReadable = isReadableOnItsWay()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (key.trim() === '' || isReadable) return
    setBusy(true)
    setFailure(null)
    try {
      await agent.useOwnKey(key.trim(), { keepInTab })
      setKey('')
    } catch (error) {
      setFailure(messageOf(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-2">
      <div className="flex gap-1.5">
        <Input
          type="password"
          value={key}
          onChange={(event) => setKey(event.target.value)}
          aria-label="API key"
          aria-invalid={failure !== null || undefined}
          aria-describedby={failure === null ? undefined : errorId}
          placeholder="sk-…"
          className="flex-1 font-mono"
        />
        <Button type="submit" tone="primary" busy={busy} disabled={key.trim() === '' || isReadable}>
          Use key
        </Button>
      </div>
      <KeepInTab checked={keepInTab} onChange={setKeepInTab} />
      <ReadableOnItsWay what="key" />
      {failure !== null && (
        <p role="alert" id={errorId} className="m-0 text-bad-text">
          {failure}
        </p>
      )}
    </form>
  )
}

function KeyInUse({ keptInTab }: { keptInTab: boolean }) {
  const { agent } = useSession()
  const attempt = useAttempt()
  return (
    <div className="flex items-center gap-2.5 rounded-md border border-you-line bg-you-surface px-3 py-2">
      <KeyRound size={14} aria-hidden className="shrink-0 text-you-text" />
      <p className="m-0 min-w-0 flex-1" role="status">
        Your key is in use
        <span className="block text-meta text-muted">
          {keptInTab ? 'This tab keeps it until you close it.' : 'It is in memory alone; a reload forgets it.'}
        </span>
      </p>
      <Button onClick={() => attempt(agent.forgetOwnKey())}>Forget key</Button>
    </div>
  )
}
