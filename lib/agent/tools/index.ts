// What the agent can do, one tool a file. Names and required arguments are stable (models and tests count on them).
// Runs everywhere. Must never act without `permission.ts` having judged the effect, nor throw for a mistake of the model.
import type { ToolServers } from '../tool-servers/types'
import type { Tool } from '../types'
import { freeformPatch, functionPatch } from './apply-patch'
import { askUser } from './ask-user'
import type { CommandSessions } from './command-session'
import { diagnostics } from './diagnostics'
import { fetchDocs } from './fetch-docs'
import { preview } from './preview'
import { readFile } from './read-file'
import { runTests } from './run-tests'
import { search } from './search'
import { createShell } from './shell'
import { updatePlan } from './update-plan'
import { createUseServerTool } from './use-server-tool'
import { createWriteStdin } from './write-stdin'

export { type CommandSession, type CommandSessions, createCommandSessions } from './command-session'

/** Always the same tools in the same order: they stand before everything else in the provider's cache. */
export function createTools({
  freeform,
  sessions,
  toolServers = null,
}: {
  freeform: boolean
  sessions: CommandSessions
  toolServers?: ToolServers | null | undefined
}): readonly Tool[] {
  const patch = freeform ? freeformPatch : functionPatch
  const commands = [createShell(sessions), createWriteStdin(sessions)]
  return [
    ...commands,
    patch,
    readFile,
    search,
    runTests,
    diagnostics,
    preview,
    updatePlan,
    askUser,
    fetchDocs,
    createUseServerTool(toolServers),
  ]
}
