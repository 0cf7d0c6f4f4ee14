import type { ReactNode } from 'react'

/** An empty place that says what to do next. */
export function EmptyState({
  icon,
  title,
  children,
  action,
}: {
  icon?: ReactNode
  title: string
  children?: ReactNode
  action?: ReactNode
}) {
  return (
    <div className="flex h-full flex-col items-center justify-center gap-1 p-6 text-center">
      {icon && <div className="mb-2 text-muted">{icon}</div>}
      <p className="m-0 font-medium text-text">{title}</p>
      {children && <div className="max-w-72 text-balance text-muted">{children}</div>}
      {action && <div className="mt-3 flex gap-2">{action}</div>}
    </div>
  )
}
