'use client'
import dynamic from 'next/dynamic'
import { useEffect } from 'react'
import { useStore } from '../use-store'
import { useWorkbench } from '../workbench-context'

const loadPalette = () => import('../palette/palette')
const Palette = dynamic(() => loadPalette().then(({ Palette: component }) => component), { ssr: false })
const ShareDialog = dynamic(() => import('../share/share-dialog').then(({ ShareDialog: component }) => component), {
  ssr: false,
})
const ThreadsDialog = dynamic(
  () => import('../agent/threads/threads-dialog').then(({ ThreadsDialog: component }) => component),
  { ssr: false },
)

const InspectorDialog = dynamic(
  () => import('../agent/inspector/inspector-dialog').then(({ InspectorDialog: component }) => component),
  { ssr: false },
)

const ConnectModelDialog = dynamic(
  () => import('../agent/model/connect-model-dialog').then(({ ConnectModelDialog: component }) => component),
  { ssr: false },
)

const LimitsDialog = dynamic(
  () => import('../agent/model/limits-dialog').then(({ LimitsDialog: component }) => component),
  { ssr: false },
)

const ReviewPathsDialog = dynamic(
  () => import('../review/review-paths-dialog').then(({ ReviewPathsDialog: component }) => component),
  { ssr: false },
)

const ToolServersDialog = dynamic(
  () => import('../agent/tool-servers/tool-servers-dialog').then(({ ToolServersDialog: component }) => component),
  { ssr: false },
)

/** What can lie over the workbench, loaded when first asked for. */
export function Overlays() {
  const workbench = useWorkbench()
  const overlay = useStore(workbench.state, (state) => state.overlay)
  const close = () => workbench.setOverlay(null)
  useEffect(() => {
    // Fetched in a quiet moment, so that Ctrl+P answers at once.
    const timer = setTimeout(() => void loadPalette(), 4000)
    return () => clearTimeout(timer)
  }, [])
  return (
    <>
      {(overlay === 'commands' || overlay === 'quick-open') && <Palette key={overlay} mode={overlay} onClose={close} />}
      {overlay === 'threads' && <ThreadsDialog onClose={close} />}
      {overlay === 'inspector' && <InspectorDialog onClose={close} />}
      {overlay === 'connect' && <ConnectModelDialog onClose={close} />}
      {overlay === 'limits' && <LimitsDialog onClose={close} />}
      {overlay === 'review-paths' && <ReviewPathsDialog onClose={close} />}
      {overlay === 'tool-servers' && <ToolServersDialog onClose={close} />}
      {overlay === 'share' && <ShareDialog onClose={close} />}
    </>
  )
}
