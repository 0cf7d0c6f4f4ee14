'use client'
import { SunMoon } from 'lucide-react'
import { Logo } from '../logo'
import { chooseTheme, themeChoices, themeStore } from '../theme'
import { Menu } from '../ui/menu'
import { useStore } from '../use-store'

export function StartHeader() {
  const current = useStore(themeStore, (state) => state.choice)
  return (
    <header className="mx-auto flex h-14 w-full max-w-[1040px] shrink-0 items-center gap-2 px-6 max-md:px-4">
      <Logo size={20} />
      <span className="flex-1 font-semibold tracking-[-0.01em]">Vitrine</span>
      <Menu
        align="end"
        entries={themeChoices.map(({ choice, label }) => ({
          label,
          checked: choice === current,
          onSelect: () => chooseTheme(choice),
        }))}
        trigger={
          <button
            type="button"
            aria-label="Theme"
            className="inline-flex size-8 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-text touch:size-11"
          >
            <SunMoon size={16} aria-hidden />
          </button>
        }
      />
    </header>
  )
}
