'use client'
import { Check, Copy, FileText, KeyRound, MessageSquareText } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { messageOf, plural, VitrineError } from '@/lib/base'
import { useSession } from '../session-context'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { Input } from '../ui/input'
import { Spinner } from '../ui/spinner'
import { useRunCommand } from '../use-commands'
import { useStore } from '../use-store'

type Link =
  | { state: 'making' }
  | { state: 'ready'; url: string }
  /** `secrets`: files hold what looks like a key; the user may share them anyway. */
  | { state: 'failed'; message: string; secrets: boolean }

/** Beyond these, chat programs and mail cut links. Characters. */
const anywhereLength = 8 * 1024
const mostPlacesLength = 32 * 1024

export function ShareDialog({ onClose }: { onClose: () => void }) {
  const session = useSession()
  const run = useRunCommand()
  const files = useStore(session.files, (state) => state.files)
  const hasTrace = useStore(session.agent.state, (state) => state.events.length > 0)
  const [trace, setTrace] = useState(false)
  const [link, setLink] = useState<Link>({ state: 'making' })
  const [withSecrets, setWithSecrets] = useState(false)
  const [copying, setCopying] = useState<'idle' | 'copied' | 'failed'>('idle')
  const field = useRef<HTMLInputElement>(null)

  // Another state of the files is another link.
  useEffect(() => {
    let current = true
    setLink({ state: 'making' })
    setCopying('idle')
    session.share.link({ trace, secrets: withSecrets ? 'include' : 'refuse' }).then(
      (url) => current && setLink({ state: 'ready', url }),
      (error: unknown) => {
        const secrets = error instanceof VitrineError && error.code === 'content_filter'
        if (current) setLink({ state: 'failed', message: messageOf(error), secrets })
      },
    )
    return () => {
      current = false
    }
  }, [session, trace, files, withSecrets])

  const copy = async (url: string) => {
    try {
      await navigator.clipboard.writeText(url)
      setCopying('copied')
    } catch (error) {
      console.warn('The clipboard refused the link.', error)
      setCopying('failed')
      field.current?.focus()
      field.current?.select()
    }
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Share by link"
      description="The link carries the project itself. It is stored nowhere; whoever has it can open a copy."
      footer={
        <>
          <Button onClick={() => run('project.download')}>Download .zip</Button>
          <Button
            tone="primary"
            disabled={link.state !== 'ready'}
            onClick={() => link.state === 'ready' && void copy(link.url)}
          >
            {copying === 'copied' ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
            {copying === 'copied' ? 'Copied' : 'Copy link'}
          </Button>
        </>
      }
    >
      <ul className="m-0 mb-4 flex list-none flex-col gap-2 p-0">
        <Part icon={<FileText size={15} aria-hidden />}>{plural(files.size, 'file')}, as they are now</Part>
        <Part icon={<MessageSquareText size={15} aria-hidden />}>
          <label className="flex items-center gap-2 touch:min-h-11">
            <input
              type="checkbox"
              checked={trace}
              disabled={!hasTrace}
              onChange={(event) => setTrace(event.target.checked)}
              className="size-3.5 accent-you-solid"
            />
            <span className={hasTrace ? undefined : 'text-muted'}>
              {hasTrace ? 'The conversation with the agent' : 'No conversation yet'}
            </span>
          </label>
        </Part>
        <Part icon={<KeyRound size={15} aria-hidden />}>
          <span className={withSecrets ? 'text-warn-text' : 'text-muted'}>
            {withSecrets ? 'With what looks like a key in the files' : 'Never: keys, settings, other projects'}
          </span>
        </Part>
      </ul>
      {link.state === 'making' && <Spinner label="Packing the project…" />}
      {link.state === 'failed' && (
        <div
          role="alert"
          data-edge="failed"
          className="glass-edge wrap-anywhere rounded-md bg-bad-surface py-2 pr-3 pl-4 text-bad-text"
        >
          <p className="m-0">{link.message}</p>
          {link.secrets && (
            <Button size="sm" className="mt-2 text-text" onClick={() => setWithSecrets(true)}>
              Share them anyway
            </Button>
          )}
        </div>
      )}
      {link.state === 'ready' && (
        <>
          <Input
            ref={field}
            readOnly
            aria-label="Link"
            value={link.url}
            onFocus={(event) => event.target.select()}
            className="font-mono !text-meta"
          />
          {copying === 'failed' && (
            <p role="alert" className="mt-1.5 mb-0 text-warn-text">
              The browser does not let this page copy. The link is selected: copy it with your keys.
            </p>
          )}
          <p className="tabular mt-1.5 mb-0 text-meta text-muted">
            {(link.url.length / 1024).toFixed(1)} KB. {sizeNote(link.url.length)}
          </p>
        </>
      )}
    </Dialog>
  )
}

function sizeNote(length: number): string {
  if (length <= anywhereLength) return 'Pastes anywhere.'
  if (length <= mostPlacesLength) return 'Some chat programs may cut it.'
  return 'Too long for chat and mail; open it straight in a browser, or send the .zip.'
}

function Part({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <li className="flex items-center gap-2.5">
      <span className="text-muted">{icon}</span>
      {children}
    </li>
  )
}
