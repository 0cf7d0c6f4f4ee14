'use client'
import { Logo } from '../logo'
import { ThemeMenu } from '../theme-menu'

export function StartHeader() {
  return (
    <header className="mx-auto flex h-14 w-full max-w-[1040px] shrink-0 items-center gap-2 px-6 max-md:px-4">
      <Logo size={20} />
      <span className="flex-1 font-semibold tracking-[-0.01em]">Vitrine</span>
      <ThemeMenu size="header" />
    </header>
  )
}
