'use client'
import { FileVideo } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useRef, useState } from 'react'
import { messageOf } from '@/lib/base'
import { replayHash } from '../agent/replay/replay'
import { Button } from '../ui/button'
import { useToast } from '../ui/toast'

/** Opens a conversation that was exported as a cassette, as a project of its own that begins with its replay. */
export function OpenRecording() {
  const input = useRef<HTMLInputElement>(null)
  const [busy, setBusy] = useState(false)
  const router = useRouter()
  const toast = useToast()
  const open = async (file: File) => {
    setBusy(true)
    try {
      const { importRecording } = await import('@/lib/session/projects/import-recording')
      router.push(`/p/${await importRecording(file)}${replayHash}`)
    } catch (error) {
      setBusy(false)
      toast({ text: messageOf(error), tone: 'bad' })
    }
  }
  return (
    <>
      <input
        ref={input}
        type="file"
        accept=".json,application/json"
        aria-label="A recorded conversation"
        hidden
        onChange={({ target }) => {
          const [file] = target.files ?? []
          target.value = ''
          if (file) void open(file)
        }}
      />
      <Button
        tone="quiet"
        busy={busy}
        className="-ml-2.5 mt-2"
        title="A conversation that somebody exported as a cassette"
        onClick={() => input.current?.click()}
      >
        <FileVideo size={14} aria-hidden />
        Open a recording…
      </Button>
    </>
  )
}
