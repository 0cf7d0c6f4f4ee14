'use client'
import { type ReactNode, useEffect } from 'react'
import { watchTheme } from './theme'
import { ToastProvider } from './ui/toast'
import { TooltipProvider } from './ui/tooltip'

/** What every page needs around it: the theme, tooltips and toasts. */
export function AppProviders({ children }: { children: ReactNode }) {
  useEffect(watchTheme, [])
  return (
    <TooltipProvider>
      <ToastProvider>{children}</ToastProvider>
    </TooltipProvider>
  )
}
