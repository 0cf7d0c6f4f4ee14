'use client'

import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { ScrollBox } from '../scroll-box'
import { VisibleText } from '../text/visible-text'

/** Shows the whole address before the browser leaves; the host stands out, because that is what decides. */
export function ExternalLinkDialog({ url, onClose }: { url: URL; onClose: () => void }) {
  const [before, after] = splitAtHost(url)
  const leave = () => {
    window.open(url.href, '_blank', 'noopener,noreferrer')
    onClose()
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={url.protocol === 'mailto:' ? 'Write an e-mail?' : 'Open this address?'}
      description="The agent wrote this link. It opens in a new tab."
      footer={
        <>
          <Button autoFocus onClick={onClose}>
            Stay here
          </Button>
          <Button tone="primary" onClick={leave}>
            Open in a new tab
          </Button>
        </>
      }
    >
      <ScrollBox aria-label="The whole address" className="max-h-48 overflow-auto rounded-md bg-sunken p-3">
        <p className="m-0 break-all font-mono text-meta text-muted">
          {before}
          <strong className="font-semibold text-text">{url.host}</strong>
          <VisibleText text={after} />
        </p>
      </ScrollBox>
    </Dialog>
  )
}

function splitAtHost(url: URL): [string, string] {
  const start = url.protocol.length + (url.host === '' ? 0 : 2)
  return [url.href.slice(0, start), url.href.slice(start + url.host.length)]
}
