'use client'

import { type ComponentProps, type FormEvent, useEffect, useId, useRef, useState } from 'react'
import { useSession } from '@/components/session-context'
import { Button } from '@/components/ui/button'
import { Input } from '@/components/ui/input'
import { isAbort, messageOf, plural } from '@/lib/base'
import { readEntry } from '@/lib/session/tool-servers/server-entry'
import type { ServerCheck, ToolServerInfo } from '@/lib/session/types'
import { isReadableOnItsWay, KeepInTab, ReadableOnItsWay } from '../secret-entry'
import { VisibleText } from '../text/visible-text'

interface ServerFormProps {
  /** The one that is edited; a new one without. */
  server?: ToolServerInfo
  onDone: () => void
}

type Field = 'address' | 'name' | 'token'
type Checked = { ok: true; found: ServerCheck } | { ok: false; problem: string }

/** Takes a server of tools of the user's own, and tries it without adding it. */
export function ServerForm({ server, onDone }: ServerFormProps) {
  const { toolServers } = useSession()
  const [fields, setFields] = useState({ address: server?.address ?? '', name: server?.givenName ?? '', token: '' })
  const [keepInTab, setKeepInTab] = useState(server?.token === 'tab')
  const [wrong, setWrong] = useState<{ field: Field; problem: string } | null>(null)
  const [checked, setChecked] = useState<Checked | null>(null)
  const [busy, setBusy] = useState<'check' | 'save' | null>(null)
  const checking = useRef<AbortController | null>(null)
  useEffect(() => () => checking.current?.abort(), [])

  const set = (name: Field) => (value: string) => {
    checking.current?.abort()
    setFields({ ...fields, [name]: value })
    setWrong(null)
    setChecked(null)
  }
  const read = () => {
    const others = toolServers.state.getState().servers.filter(({ address }) => address !== server?.address)
    const result = readEntry({ ...fields, keepInTab }, others)
    setWrong(result.ok ? null : result)
    return result.ok ? result.entry : null
  }
  async function check() {
    const entry = read()
    if (!entry) return
    const controller = new AbortController()
    checking.current = controller
    setBusy('check')
    setChecked(null)
    try {
      setChecked({ ok: true, found: await toolServers.check(entry, controller.signal) })
    } catch (error) {
      if (!isAbort(error)) setChecked({ ok: false, problem: messageOf(error) })
    } finally {
      setBusy(null)
    }
  }
  async function save(event: FormEvent) {
    event.preventDefault()
    const entry = read()
    if (!entry) return
    checking.current?.abort()
    setBusy('save')
    await toolServers.declare(entry, server?.address)
    onDone()
  }

  const hasToken = server !== undefined && server.token !== 'none'
  const blocked = fields.token !== '' && isReadableOnItsWay()
  const field = (name: Field) => ({
    value: fields[name],
    onText: set(name),
    problem: wrong?.field === name ? wrong.problem : null,
  })
  return (
    <form
      onSubmit={(event) => void save(event)}
      aria-label={server ? `Edit ${server.name}` : 'Add a server'}
      className="flex flex-col gap-2.5 rounded-lg border border-line px-3 py-2.5"
    >
      <FormField
        label="Address"
        {...field('address')}
        autoFocus
        inputMode="url"
        placeholder="https://tools.example.org/mcp"
        className="font-mono"
      />
      <FormField label="Name (optional)" {...field('name')} placeholder="What you and the agent call it" />
      <FormField
        label="Token (optional)"
        {...field('token')}
        type="password"
        placeholder={hasToken ? 'Empty keeps the one in use' : 'If it wants a sign-in'}
        className="font-mono"
      />
      {fields.token !== '' && <KeepInTab checked={keepInTab} onChange={setKeepInTab} />}
      {fields.token !== '' && <ReadableOnItsWay what="token" />}
      <div aria-live="polite">{checked && <CheckOutcome checked={checked} />}</div>
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onDone}>Cancel</Button>
        <Button busy={busy === 'check'} disabled={blocked || busy === 'save'} onClick={() => void check()}>
          Check
        </Button>
        <Button type="submit" tone="primary" busy={busy === 'save'} disabled={blocked}>
          {server ? 'Save' : 'Add server'}
        </Button>
      </div>
    </form>
  )
}

interface FormFieldProps extends ComponentProps<'input'> {
  label: string
  problem: string | null
  onText: (value: string) => void
}

function FormField({ label, problem, onText, ...input }: FormFieldProps) {
  const id = useId()
  return (
    <div>
      <label htmlFor={id} className="mb-0.5 block text-meta">
        {label}
      </label>
      <Input
        id={id}
        aria-invalid={problem !== null || undefined}
        aria-describedby={problem === null ? undefined : `${id}-problem`}
        onChange={({ target }) => onText(target.value)}
        {...input}
      />
      {problem !== null && (
        <p role="alert" id={`${id}-problem`} className="m-0 mt-0.5 text-bad-text">
          {problem}
        </p>
      )}
    </div>
  )
}

function CheckOutcome({ checked }: { checked: Checked }) {
  if (!checked.ok) {
    return (
      <p className="m-0 text-bad-text [overflow-wrap:anywhere]">
        <VisibleText text={checked.problem} />
      </p>
    )
  }
  const { name, version, protocol, tools } = checked.found
  return (
    <p className="m-0 text-ok-text [overflow-wrap:anywhere]">
      It answers: <VisibleText text={`${name || 'a server without a name'}${version && ` ${version}`}`} /> with{' '}
      {plural(tools, 'tool')}, MCP {protocol}.
    </p>
  )
}
