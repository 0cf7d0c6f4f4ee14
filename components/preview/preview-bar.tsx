'use client'
import clsx from 'clsx'
import {
  ArrowLeft,
  ArrowRight,
  ChevronDown,
  Crosshair,
  Laptop,
  type LucideIcon,
  Maximize2,
  Minimize2,
  RotateCw,
  Scaling,
  Smartphone,
  Tablet,
  X,
} from 'lucide-react'
import type { FormEvent } from 'react'
import { useSession } from '../session-context'
import { IconButton } from '../ui/icon-button'
import { Menu, type MenuEntry } from '../ui/menu'
import { useStore } from '../use-store'
import { useWorkbench } from '../workbench-context'
import { ScreenshotMenu } from './screenshot-menu'

const devices: readonly { width: number | null; label: string; Icon: LucideIcon }[] = [
  { width: null, label: 'Full width', Icon: Scaling },
  { width: 390, label: 'Phone', Icon: Smartphone },
  { width: 768, label: 'Tablet', Icon: Tablet },
  { width: 1280, label: 'Laptop', Icon: Laptop },
]

export interface PreviewBarProps {
  /** Of the page in pixels; null for all there is. */
  width: number | null
  onWidth(width: number | null): void
  /** On a screen with room for one pane: what such a screen does without is left out. */
  narrow: boolean
  maximised: boolean
  onMaximise(): void
  onClose(): void
}

/** Address, way back and forth, what else can be shown, size, and the element picker. */
export function PreviewBar({ width, onWidth, narrow, maximised, onMaximise, onClose }: PreviewBarProps) {
  const { preview } = useSession()
  const workbench = useWorkbench()
  const { url, loading, canGoBack, canGoForward, picking } = useStore(preview.state, (state) => state)

  const navigate = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const address = new FormData(event.currentTarget).get('address')
    // The field leaves `http://` out, which the narrow pane has no room for.
    if (typeof address === 'string')
      preview.open(address.replace(/^(?=(?:localhost|127\.0\.0\.1)(?::|\/|$))/, 'http://'))
  }
  return (
    <form
      onSubmit={navigate}
      className="flex h-9 shrink-0 items-center gap-0.5 border-line border-b bg-panel px-1.5 touch:h-12"
    >
      <IconButton label="Back" size="sm" disabled={!canGoBack} onClick={() => preview.go('back')}>
        <ArrowLeft size={13} aria-hidden />
      </IconButton>
      {!narrow && (
        <IconButton label="Forward" size="sm" disabled={!canGoForward} onClick={() => preview.go('forward')}>
          <ArrowRight size={13} aria-hidden />
        </IconButton>
      )}
      <IconButton label="Reload the preview" size="sm" disabled={url === null} onClick={() => preview.go('reload')}>
        <RotateCw size={13} aria-hidden className={clsx(loading && 'animate-spin')} />
      </IconButton>
      <input
        key={url}
        name="address"
        aria-label="Page to show"
        defaultValue={url?.replace(/^http:\/\//, '') ?? '/'}
        spellCheck={false}
        className="h-6 min-w-16 flex-1 rounded-md bg-sunken px-2 font-mono text-meta outline-none focus-visible:outline-1 focus-visible:outline-you touch:h-9"
      />
      <Places />
      <Widths width={width} onWidth={onWidth} />
      <IconButton
        label="Point at an element for the agent"
        size="sm"
        pressed={picking}
        disabled={url === null}
        onClick={() => preview.pick(!picking)}
      >
        <Crosshair size={14} aria-hidden />
      </IconButton>
      <ScreenshotMenu />
      {!narrow && (
        <>
          <IconButton label={maximised ? 'Beside the editor' : 'Over everything'} size="sm" onClick={onMaximise}>
            {maximised ? <Minimize2 size={13} aria-hidden /> : <Maximize2 size={13} aria-hidden />}
          </IconButton>
          <IconButton
            label="Close the preview"
            size="sm"
            onClick={() => {
              onClose()
              preview.close()
              workbench.setShown('preview', false)
            }}
          >
            <X size={14} aria-hidden />
          </IconButton>
        </>
      )}
    </form>
  )
}

function Widths({ width, onWidth }: Pick<PreviewBarProps, 'width' | 'onWidth'>) {
  const present = devices.find((device) => device.width === width)
  const Icon = present?.Icon ?? Scaling
  return (
    <Menu
      align="end"
      entries={devices.map((device) => ({
        label: device.label,
        ...(device.width !== null && { hint: `${device.width} px` }),
        checked: device.width === width,
        onSelect: () => onWidth(device.width),
      }))}
      trigger={
        <IconButton label={`Width of the page: ${present?.label ?? 'Full width'}`} size="sm">
          <Icon size={14} aria-hidden />
        </IconButton>
      }
    />
  )
}

/** Open ports and the project's own pages. */
function Places() {
  const { preview } = useSession()
  const { ports, pages, port, url } = useStore(preview.state, (state) => state)
  const entries: MenuEntry[] = [
    ...(ports.length > 0 ? [{ heading: 'Servers' }] : []),
    ...ports.map((each) => ({
      label: `Port ${each}`,
      checked: each === port,
      onSelect: () => preview.openServer(each),
    })),
    ...(pages.length > 0 ? [{ heading: 'Pages of the project' }] : []),
    ...pages.slice(0, 50).map((page) => ({
      label: page,
      checked: port === null && page === url,
      onSelect: () => preview.openPage(page),
    })),
  ]
  if (entries.length === 0) return null
  return (
    <Menu
      align="end"
      entries={entries}
      trigger={
        <IconButton label="Other servers and pages" size="sm">
          <ChevronDown size={13} aria-hidden />
        </IconButton>
      }
    />
  )
}
