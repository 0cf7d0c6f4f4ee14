import { assert } from '@/lib/base'
import { agentCommands } from './agent-commands'
import type { Command } from './command'
import { fileCommands } from './file-commands'
import { goCommands } from './go-commands'
import { projectCommands } from './project-commands'
import { reviewCommands } from './review-commands'
import { runCommands } from './run-commands'
import { viewCommands } from './view-commands'

const registry = [
  ...goCommands,
  ...fileCommands,
  ...viewCommands,
  ...runCommands,
  ...agentCommands,
  ...reviewCommands,
  ...projectCommands,
] as const satisfies readonly Command[]

export type CommandId = (typeof registry)[number]['id']

/** Every command of the workbench; the palette, the menus and the keys read this one list. */
export const commands: readonly (Command & { id: CommandId })[] = registry

export function commandById(id: CommandId): Command {
  const command = commands.find((candidate) => candidate.id === id)
  assert(command, `there is a command ${id}`)
  return command
}
