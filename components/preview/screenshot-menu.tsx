'use client'
import { Camera, Download, Paperclip } from 'lucide-react'
import { useState } from 'react'
import { useAttachments } from '@/components/agent/attachments/use-attachments'
import { saveBlob } from '@/components/save-blob'
import { useToast } from '@/components/ui/toast'
import { fromBase64, messageOf } from '@/lib/base'
import { useSession } from '../session-context'
import { IconButton } from '../ui/icon-button'
import { Menu } from '../ui/menu'
import { Spinner } from '../ui/spinner'
import { useStore } from '../use-store'

/** Has the page draw itself, for a file or for the next message to the agent. */
export function ScreenshotMenu() {
  const { preview, agent } = useSession()
  const { addPictures } = useAttachments()
  const toast = useToast()
  const [busy, setBusy] = useState(false)
  const isOpen = useStore(preview.state, ({ url }) => url !== null)
  const seesPictures = useStore(agent.state, ({ models, model }) => models.find(({ id }) => id === model)?.images)

  const take = async (use: (file: File) => void) => {
    setBusy(true)
    try {
      const { dataUrl } = await preview.takePicture()
      const bytes = fromBase64(dataUrl.slice(dataUrl.indexOf(',') + 1))
      use(new File([bytes], `${pageName(preview.state.getState().url)}.png`, { type: 'image/png' }))
    } catch (error) {
      toast({ text: messageOf(error), tone: 'bad' })
    } finally {
      setBusy(false)
    }
  }
  return (
    <Menu
      align="end"
      entries={[
        {
          label: 'Attach to the message',
          icon: <Paperclip size={14} aria-hidden />,
          ...(!seesPictures && { hint: 'The chosen model does not see pictures.' }),
          disabled: !seesPictures,
          onSelect: () => void take((file) => addPictures([file])),
        },
        {
          label: 'Download as PNG',
          icon: <Download size={14} aria-hidden />,
          onSelect: () => void take((file) => saveBlob(file, file.name)),
        },
      ]}
      trigger={
        <IconButton label="Screenshot" size="sm" disabled={!isOpen || busy}>
          {busy ? <Spinner size={13} /> : <Camera size={14} aria-hidden />}
        </IconButton>
      }
    />
  )
}

/** `/about.html` → `screenshot-about-html`. */
function pageName(url: string | null): string {
  const name = (url ?? '')
    .replace(/^https?:\/\//, '')
    .replaceAll(/[^\w]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 40)
  return ['screenshot', name].filter(Boolean).join('-')
}
