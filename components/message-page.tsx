'use client'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { Logo } from './logo'
import { Button } from './ui/button'

/** A whole page with one message and the way on. */
export function MessagePage({ title, retry, children }: { title: string; retry?: () => void; children?: ReactNode }) {
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center gap-2 p-6 text-center">
      <span className="mb-3">
        <Logo size={32} />
      </span>
      <h1 className="m-0 font-semibold text-title">{title}</h1>
      <p className="wrap-anywhere m-0 max-w-96 text-balance text-chat text-muted">{children}</p>
      <div className="mt-4 flex gap-2">
        {retry && (
          <Button tone="primary" size="lg" onClick={retry}>
            Try again
          </Button>
        )}
        <Link
          href="/"
          className="inline-flex h-9 items-center rounded-md border border-line bg-raised px-3.5 font-medium no-underline hover:border-line-strong touch:h-11"
        >
          All projects
        </Link>
      </div>
    </main>
  )
}
