'use client'
import clsx from 'clsx'
import { X } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { Button, type ButtonTone } from './button'

export interface DialogProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  description?: ReactNode
  children?: ReactNode
  /** Buttons, the main one last. */
  footer?: ReactNode
  className?: string
}

export function Dialog({ open, onOpenChange, title, description, children, footer, className }: DialogProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-[oklch(0.1_0.01_265/0.4)]" />
        <Radix.Content
          {...(description ? {} : { 'aria-describedby': undefined })}
          className={clsx(
            'appear fixed top-[12dvh] left-1/2 z-40 flex max-h-[80dvh] w-[min(480px,calc(100vw-24px))] -translate-x-1/2 flex-col rounded-lg bg-raised shadow-float',
            className,
          )}
        >
          <header className="flex items-start gap-4 px-5 pt-4 pb-1">
            <div className="wrap-anywhere min-w-0 flex-1">
              <Radix.Title className="m-0 font-semibold text-title">{title}</Radix.Title>
              {description && <Radix.Description className="m-0 mt-1 text-muted">{description}</Radix.Description>}
            </div>
            <Radix.Close
              aria-label="Close"
              className="-mr-1.5 inline-flex size-7 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-text touch:size-11"
            >
              <X size={16} aria-hidden />
            </Radix.Close>
          </header>
          <div className="min-h-0 overflow-y-auto px-5 py-3">{children}</div>
          {footer && <footer className="flex flex-wrap justify-end gap-2 px-5 pt-1 pb-4">{footer}</footer>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

/** Asks before something that cannot be taken back. The safe answer has the focus. */
export function ConfirmDialog({
  confirmLabel,
  tone = 'primary',
  onConfirm,
  ...dialog
}: Omit<DialogProps, 'footer' | 'children'> & { confirmLabel: string; tone?: ButtonTone; onConfirm: () => void }) {
  return (
    <Dialog
      {...dialog}
      footer={
        <>
          <Button autoFocus onClick={() => dialog.onOpenChange(false)}>
            Cancel
          </Button>
          <Button
            tone={tone}
            onClick={() => {
              dialog.onOpenChange(false)
              onConfirm()
            }}
          >
            {confirmLabel}
          </Button>
        </>
      }
    />
  )
}
