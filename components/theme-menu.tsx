'use client'
import clsx from 'clsx'
import { SunMoon } from 'lucide-react'
import { chooseTheme, themeChoices, themeStore } from './theme'
import { Menu } from './ui/menu'
import { useStore } from './use-store'

const sizes = {
  bar: { button: 'size-5 rounded-sm', icon: 13 },
  header: { button: 'size-8 rounded-md text-muted touch:size-11', icon: 16 },
} as const

/** The choice of theme behind one icon; `size` fits it to where it stands. */
export function ThemeMenu({ size }: { size: keyof typeof sizes }) {
  const current = useStore(themeStore, (state) => state.choice)
  const { button, icon } = sizes[size]
  return (
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
          className={clsx('inline-flex items-center justify-center hover:bg-hover hover:text-text', button)}
        >
          <SunMoon size={icon} aria-hidden />
        </button>
      }
    />
  )
}
