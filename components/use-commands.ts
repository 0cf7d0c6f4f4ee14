'use client'
import { useEffect, useMemo } from 'react'
import { type CommandContext, isAvailable } from './commands/command'
import { type CommandId, commandById, commands } from './commands/commands'
import { keysLabel, matchesKeys } from './keys'
import { useSession } from './session-context'
import { useToast } from './ui/toast'
import { useWorkbench } from './workbench-context'

export function useCommandContext(): CommandContext {
  const session = useSession()
  const workbench = useWorkbench()
  const toast = useToast()
  return useMemo(() => ({ session, workbench, toast }), [session, workbench, toast])
}

/** Runs commands by id: `const run = useRunCommand(); run('go.file')`. */
export function useRunCommand(): (id: CommandId) => void {
  const context = useCommandContext()
  return (id) => void commandById(id).run(context)
}

/** The keys of a command for tooltips and menus. */
export function keysOf(id: CommandId): string | undefined {
  const { keys } = commandById(id)
  return keys && keysLabel(keys)
}

/**
 * Listens for the keys of all commands on the window, before the focused widget sees them: Monaco and the terminal
 * would take some of them for themselves.
 */
export function useCommandKeys() {
  const context = useCommandContext()
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const pressed = commands.find((command) => command.keys !== undefined && matchesKeys(event, command.keys))
      if (!pressed || event.isComposing || !isAvailable(pressed, context) || pressed.hearsKeys?.() === false) return
      event.preventDefault()
      event.stopPropagation()
      if (!event.repeat) void pressed.run(context)
    }
    addEventListener('keydown', onKeyDown, { capture: true })
    return () => removeEventListener('keydown', onKeyDown, { capture: true })
  }, [context])
}
