'use client'
import { CircleAlert, X } from 'lucide-react'
import { Toast as Radix } from 'radix-ui'
import { createContext, type ReactNode, use, useCallback, useEffect, useRef, useState } from 'react'

export interface ToastMessage {
  text: string
  tone?: 'neutral' | 'bad'
  action?: { label: string; run: () => void }
}

interface ShownToast extends ToastMessage {
  id: number
  /** The user has done something else since it came. */
  passed: boolean
}

const ToastContext = createContext<((message: ToastMessage) => void) | null>(null)

/**
 * Shows a short message over the title bar, where nobody types. It is announced, an error at once; it goes after some
 * seconds, sooner when the user does something else and it offers nothing, and with Escape. Hover or focus keeps it.
 */
export function useToast(): (message: ToastMessage) => void {
  const show = use(ToastContext)
  if (!show) throw new Error('useToast needs a ToastProvider above it')
  return show
}

const durationsMs = { neutral: 8000, bad: 20_000, passed: 3000 }
const focusKeys = ['altKey', 'KeyT']

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly ShownToast[]>([])
  const show = useCallback((message: ToastMessage) => {
    setToasts((shown) => [...shown.slice(-2), { ...message, id: (shown.at(-1)?.id ?? 0) + 1, passed: false }])
  }, [])
  return (
    <ToastContext value={show}>
      {children}
      {/* Radix would stay paused for ever once the last toast is dismissed under the pointer; so each lot starts anew. */}
      {toasts.length > 0 && <Toasts toasts={toasts} onChange={setToasts} />}
    </ToastContext>
  )
}

function Toasts({
  toasts,
  onChange,
}: {
  toasts: readonly ShownToast[]
  onChange: (update: (shown: readonly ShownToast[]) => readonly ShownToast[]) => void
}) {
  const box = useRef<HTMLDivElement>(null)
  const focusedBefore = useRef<Element | null>(null)

  useEffect(() => {
    const isOutside = ({ target }: Event) => !(target instanceof Node && box.current?.contains(target))
    const onFocusIn = (event: Event) => {
      if (isOutside(event)) focusedBefore.current = document.activeElement
    }
    const goOn = (event: Event) => {
      if (!isOutside(event)) return
      onChange((shown) =>
        shown.every(({ passed }) => passed) ? shown : shown.map((toast) => ({ ...toast, passed: true })),
      )
    }
    focusedBefore.current = document.activeElement
    addEventListener('focusin', onFocusIn)
    addEventListener('pointerdown', goOn, { capture: true })
    addEventListener('keydown', goOn, { capture: true })
    return () => {
      removeEventListener('focusin', onFocusIn)
      removeEventListener('pointerdown', goOn, { capture: true })
      removeEventListener('keydown', goOn, { capture: true })
    }
  }, [onChange])

  const drop = (id: number) => {
    const hadFocus = box.current?.contains(document.activeElement)
    if (toasts.length === 1 && hadFocus && focusedBefore.current instanceof HTMLElement) focusedBefore.current.focus()
    onChange((shown) => shown.filter((toast) => toast.id !== id))
  }

  return (
    <div ref={box}>
      <Radix.Provider label="Message" swipeDirection="up">
        {toasts.map(({ id, text, tone = 'neutral', action, passed }) => (
          <Radix.Root
            key={id}
            type={tone === 'bad' ? 'foreground' : 'background'}
            duration={durationsMs[passed && !action ? 'passed' : tone]}
            onOpenChange={(open) => !open && drop(id)}
            className="appear glass-edge flex items-center gap-3 rounded-lg bg-raised py-2 pr-2 pl-4 text-ui shadow-float data-[swipe=move]:translate-y-(--radix-toast-swipe-move-y)"
            data-edge={tone === 'bad' ? 'failed' : 'none'}
          >
            {tone === 'bad' && <CircleAlert size={15} aria-hidden className="shrink-0 text-bad-text" />}
            <Radix.Description className="min-w-0 flex-1 break-words">{text}</Radix.Description>
            {action && (
              <Radix.Action
                altText={action.label}
                onClick={action.run}
                className="rounded-md px-2 py-1 font-medium text-you-text hover:bg-hover touch:min-h-11"
              >
                {action.label}
              </Radix.Action>
            )}
            <Radix.Close
              aria-label="Dismiss"
              className="inline-flex size-6 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-text touch:size-11"
            >
              <X size={14} aria-hidden />
            </Radix.Close>
          </Radix.Root>
        ))}
        <Radix.Viewport
          hotkey={focusKeys}
          label="Messages (Alt+T)"
          className="fixed top-[max(4px,env(safe-area-inset-top))] left-1/2 z-50 m-0 flex w-[min(420px,calc(100vw-16px))] -translate-x-1/2 list-none flex-col gap-2 p-0 outline-none"
        />
      </Radix.Provider>
    </div>
  )
}
