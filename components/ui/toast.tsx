'use client'
import { X } from 'lucide-react'
import { Toast as Radix } from 'radix-ui'
import { createContext, type ReactNode, use, useCallback, useState } from 'react'

export interface ToastMessage {
  text: string
  tone?: 'neutral' | 'bad'
  action?: { label: string; run: () => void }
}

const ToastContext = createContext<((message: ToastMessage) => void) | null>(null)

/** Shows a short message, announced politely, gone after some seconds; hover or focus keeps it. */
export function useToast(): (message: ToastMessage) => void {
  const show = use(ToastContext)
  if (!show) throw new Error('useToast needs a ToastProvider above it')
  return show
}

const durationMs = 8000

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly (ToastMessage & { id: number })[]>([])
  const show = useCallback((message: ToastMessage) => {
    setToasts((shown) => [...shown.slice(-2), { ...message, id: (shown.at(-1)?.id ?? 0) + 1 }])
  }, [])
  const drop = (id: number) => setToasts((shown) => shown.filter((toast) => toast.id !== id))
  return (
    <ToastContext value={show}>
      <Radix.Provider duration={durationMs} swipeDirection="down">
        {children}
        {toasts.map(({ id, text, tone, action }) => (
          <Radix.Root
            key={id}
            onOpenChange={(open) => !open && drop(id)}
            className="appear glass-edge flex items-center gap-3 rounded-lg bg-raised py-2 pr-2 pl-4 text-ui shadow-float"
            data-edge={tone === 'bad' ? 'failed' : 'none'}
          >
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
        <Radix.Viewport className="fixed bottom-9 left-1/2 z-50 m-0 flex w-[min(400px,calc(100vw-24px))] -translate-x-1/2 list-none flex-col gap-2 p-0 max-md:bottom-20" />
      </Radix.Provider>
    </ToastContext>
  )
}
