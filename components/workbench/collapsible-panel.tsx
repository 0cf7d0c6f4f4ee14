'use client'
import { type ReactNode, useEffect, useRef } from 'react'
import { Panel, type PanelSize, Separator, usePanelRef } from 'react-resizable-panels'
import { useSession } from '../session-context'
import { useStore } from '../use-store'
import { useWorkbench } from '../workbench-context'
import type { Pane } from './workbench'

const sizesKey = 'pane-sizes'

/** A pane that follows `shown[pane]` of the workbench, can be dragged shut, and remembers its size in pixels. */
export function CollapsiblePanel({
  pane,
  size,
  min,
  max,
  children,
}: {
  pane: Pane
  /** Pixels. */
  size: number
  min: number
  max?: string
  children: ReactNode
}) {
  const session = useSession()
  const workbench = useWorkbench()
  const shown = useStore(workbench.state, (state) => state.shown[pane])
  const panel = usePanelRef()
  const sizes = () => session.memory.get<Partial<Record<Pane, number>>>(sizesKey) ?? {}
  const openSize = useRef(sizes()[pane] ?? size)
  const startedShown = useRef(shown)

  useEffect(() => {
    if (!panel.current || shown !== panel.current.isCollapsed()) return
    if (shown) panel.current.resize(openSize.current)
    else panel.current.collapse()
  }, [shown, panel])

  const onResize = ({ inPixels }: PanelSize, _id: unknown, before: PanelSize | undefined) => {
    if (before === undefined) return
    const open = inPixels > 1
    if (open) {
      openSize.current = Math.round(inPixels)
      session.memory.set(sizesKey, { ...sizes(), [pane]: openSize.current })
    }
    if (open !== workbench.state.getState().shown[pane]) workbench.setShown(pane, open)
  }
  return (
    <Panel
      id={pane}
      panelRef={panel}
      collapsible
      collapsedSize={0}
      defaultSize={startedShown.current ? openSize.current : 0}
      minSize={min}
      maxSize={max}
      groupResizeBehavior="preserve-pixel-size"
      onResize={onResize}
    >
      <div className={shown ? 'h-full' : 'invisible h-full'} inert={!shown}>
        {children}
      </div>
    </Panel>
  )
}

/** A hairline to drag; wider to the pointer than to the eye. */
export function PaneSeparator({ direction, hidden = false }: { direction: 'row' | 'column'; hidden?: boolean }) {
  return (
    <Separator
      className={
        direction === 'row'
          ? 'group relative w-px bg-line outline-none data-[hidden]:w-0'
          : 'group relative h-px bg-line outline-none data-[hidden]:h-0'
      }
      data-hidden={hidden || undefined}
      disabled={hidden}
    >
      <span
        className={`absolute z-10 bg-you opacity-0 transition-opacity duration-120 group-focus-visible:opacity-100 group-data-[separator=active]:opacity-100 group-data-[separator=hover]:opacity-60 ${
          direction === 'row' ? '-inset-x-px inset-y-0' : '-inset-y-px inset-x-0'
        }`}
      />
    </Separator>
  )
}
