'use client'

import { RotateCcw, X } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import './review.css'
import { useSession } from '@/components/session-context'
import { Badge } from '@/components/ui/badge'
import { IconButton } from '@/components/ui/icon-button'
import { Tab, TabList, TabPanel, Tabs } from '@/components/ui/tabs'
import { keysOf, useCommandContext } from '@/components/use-commands'
import { useStore } from '@/components/use-store'
import { useWorkbench } from '@/components/workbench-context'
import { ChangesView } from './changes-view'
import { CompareView } from './compare-view'
import { FindingsView } from './findings/findings-view'
import { closeReview, openReview, type ReviewView, showReview } from './open-review'
import { takeBack } from './review-actions'
import { placesOf } from './review-cursor'

/** Below this width in pixels one column of lines reads better than an editor. */
const wideFrom = 560

const views: readonly { view: ReviewView; label: string }[] = [
  { view: 'changes', label: 'Changes' },
  { view: 'findings', label: 'Findings' },
  { view: 'compare', label: 'Compare' },
]

/**
 * The agent's changes, a reviewer's findings and the difference of checkpoints, laid over the editor (its parent must
 * be positioned). Goes away when a file is opened.
 */
export function ReviewPane() {
  const view = useStore(openReview, (state) => state.view)
  useCloseWhenLeft()
  return view === null ? null : <OpenReviewPane view={view} />
}

function OpenReviewPane({ view }: { view: ReviewView }) {
  const { review } = useSession()
  const context = useCommandContext()
  const box = useRef<HTMLElement>(null)
  const width = useWidth(box)
  const isWide = width >= wideFrom
  const last = useStore(review.state, (state) => state.last)
  useEffect(() => box.current?.focus({ preventScroll: true }), [])
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && !event.defaultPrevented) closeReview()
  }
  return (
    <Tabs
      asChild
      value={view}
      onValueChange={(value) => {
        const next = views.find((each) => each.view === value)
        if (next) showReview(next.view)
      }}
    >
      <section
        ref={box}
        tabIndex={-1}
        aria-label="Review"
        data-review-pane
        onKeyDown={onKeyDown}
        // Above all that Monaco lifts within itself.
        className="absolute inset-0 z-[36] flex flex-col bg-bg outline-none"
      >
        <h2 className="sr-only">Review</h2>
        <header className="flex h-9 shrink-0 items-center gap-1 border-line border-b bg-panel pr-1 pl-1.5 touch:h-12">
          <TabList label="Review" className="min-w-0 flex-1 overflow-x-auto [scrollbar-width:none]">
            {views.map(({ view: value, label }) => (
              <Tab key={value} value={value}>
                {label}
                <Count view={value} />
              </Tab>
            ))}
          </TabList>
          {view === 'changes' && last !== null && (
            <IconButton
              label={`Take back: ${last}`}
              keys={keysOf('review.take-back')}
              onClick={() => takeBack(context)}
            >
              <RotateCcw size={14} aria-hidden />
            </IconButton>
          )}
          <IconButton label="Close the review" keys="Esc" onClick={closeReview}>
            <X size={14} aria-hidden />
          </IconButton>
        </header>
        {width > 0 &&
          views.map(({ view: value }) => (
            <TabPanel key={value} value={value} className="flex flex-col overflow-hidden data-[state=inactive]:hidden">
              {value === 'changes' && <ChangesView isWide={isWide} />}
              {value === 'findings' && <FindingsView />}
              {value === 'compare' && <CompareView isWide={width >= 700} />}
            </TabPanel>
          ))}
      </section>
    </Tabs>
  )
}

function Count({ view }: { view: ReviewView }) {
  const { review, reviewer } = useSession()
  const changes = useStore(review.state, ({ files }) => placesOf(files).length)
  const findings = useStore(reviewer.state, ({ result }) => result?.findings.length ?? 0)
  const count = view === 'changes' ? changes : view === 'findings' ? findings : 0
  return count === 0 ? null : <Badge tone={view === 'findings' ? 'warn' : 'agent'}>{count}</Badge>
}

/** Opening a file or changing tabs is leaving the review. */
function useCloseWhenLeft() {
  const workbench = useWorkbench()
  useEffect(() => {
    const stop = workbench.state.subscribe(({ tabs }, before) => tabs !== before.tabs && closeReview())
    return () => {
      stop()
      closeReview()
    }
  }, [workbench])
}

function useWidth(box: React.RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0)
  useEffect(() => {
    if (box.current === null) return
    const observer = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? 0))
    observer.observe(box.current)
    return () => observer.disconnect()
  }, [box])
  return width
}
