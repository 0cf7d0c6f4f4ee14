import clsx from 'clsx'
import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'

/** A line that opens to more. */
export function Disclosure({
  label,
  className,
  initiallyOpen = false,
  children,
}: {
  label: ReactNode
  className?: string
  initiallyOpen?: boolean
  children: ReactNode
}) {
  return (
    <details open={initiallyOpen} className={clsx('group text-meta text-muted', className)}>
      <summary className="flex w-fit list-none items-center gap-1.5 rounded-sm py-0.5 hover:text-text touch:min-h-11">
        <ChevronRight size={12} aria-hidden className="transition-transform duration-120 group-open:rotate-90" />
        {label}
      </summary>
      {children}
    </details>
  )
}
